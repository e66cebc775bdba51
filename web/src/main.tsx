import "@fontsource-variable/inter";
import "./tokens.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Gate } from "./app/Gate";
import { StartFailed } from "./app/StartFailed";
import { connect } from "./firebase";
import { startI18n } from "./i18n";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
const root = createRoot(place);

Promise.all([connect(), startI18n()]).then(
  () =>
    root.render(
      <StrictMode>
        <Gate />
      </StrictMode>,
    ),
  (error: unknown) => {
    console.error(error);
    root.render(<StartFailed />);
  },
);
