import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";

import { startI18n } from "@/i18n";

import { Checkbox } from "./Checkbox";
import { ConfirmDialog } from "./ConfirmDialog";
import { Dialog } from "./Dialog";

beforeAll(() => startI18n("en"));
afterEach(cleanup);

const nothing = vi.fn();
const focused = () => document.activeElement;
const show = (content: React.ReactNode) => act(async () => render(<>{content}</>));

it("begins at the first field that takes something", async () => {
  await show(
    <Dialog open onOpenChange={nothing} title="t" footer={<button type="button">Save</button>}>
      <form>
        <input type="hidden" />
        <Checkbox checked onChange={nothing} label="c" />
        <input disabled />
        <textarea aria-label="first" />
        <input aria-label="second" />
      </form>
    </Dialog>,
  );
  expect(focused()?.getAttribute("aria-label")).toBe("first");
});

it("or at what asks for it", async () => {
  await show(
    <Dialog open onOpenChange={nothing} title="t">
      <input aria-label="first" />
      <input aria-label="second" data-autofocus />
    </Dialog>,
  );
  expect(focused()?.getAttribute("aria-label")).toBe("second");
});

it("and else is itself what is read, never the cross", async () => {
  await show(
    <Dialog open onOpenChange={nothing} title="t">
      words
    </Dialog>,
  );
  expect(focused()).toBe(screen.getByRole("dialog"));
});

it("asks before something destructive from the safe side, or at the word to type", async () => {
  const confirm = (word?: string) => (
    <ConfirmDialog open onOpenChange={nothing} title="t" description="d" confirmLabel="Do" onConfirm={nothing} {...(word ? { typeToConfirm: word } : {})} />
  );
  await show(confirm());
  expect(focused()?.textContent).toBe("Cancel");
  cleanup();
  await show(confirm("disconnect"));
  expect(focused()).toBe(screen.getByRole("textbox"));
});
