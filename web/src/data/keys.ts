/** Keys of the tracking API: what may be typed, and the lines to paste into a shop with the key filled in. */

import type { WriteKey } from "@/generated/documents";

export const KEY_CHANNELS = ["website", "pos", "wechat", "email"] as const satisfies readonly WriteKey["channel"][];

/** Channels that a kind of key may speak for: a public key cannot tell sales, so a till never has one. */
export const channelsOf = (kind: WriteKey["kind"]): readonly WriteKey["channel"][] =>
  kind === "browser" ? ["website", "wechat", "email"] : KEY_CHANNELS;

export interface Origins {
  origins: string[];
  /** The first line that is not an origin. */
  wrong: string | null;
}

/** Origins, one a line: `https://shop.example`, as a browser sends them (no path). */
export function parseOrigins(text: string): Origins {
  const origins: string[] = [];
  for (const line of text.split(/[\s,;]+/).filter(Boolean)) {
    const address = /^https?:\/\//i.test(line) ? line : `https://${line}`;
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      return { origins, wrong: line };
    }
    const local = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    if (!local && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(url.hostname)) return { origins, wrong: line };
    if (!origins.includes(url.origin)) origins.push(url.origin);
  }
  return { origins, wrong: null };
}

export const ORIGINS_AT_MOST = 20;
/** Stands in the lines to paste until a key was made. */
export const NO_KEY = "YOUR_WRITE_KEY";

export interface Snippet {
  id: "small" | "segment" | "server" | "till";
  kind: WriteKey["kind"];
  language: "html" | "ts" | "bash";
  text: string;
}

/** Lines to paste. `base` is where this console is served from: the tracking API answers beneath it. */
export function snippets(key: string, base: string): Snippet[] {
  return [
    {
      id: "small",
      kind: "browser",
      language: "html",
      text: `<script>
  (function (key, host) {
    // Who asks not to be followed is not followed.
    if (navigator.doNotTrack === "1" || navigator.globalPrivacyControl) return (window.timbre = function () {});
    var id = localStorage.timbreId || (localStorage.timbreId = crypto.randomUUID());
    window.timbre = function (type, name, properties) {
      fetch(host + "/v1/" + type, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "text/plain" },
        body: JSON.stringify({
          writeKey: key,
          anonymousId: id,
          messageId: crypto.randomUUID(),
          timestamp: new Date().toISOString(),
          event: type === "track" ? name : undefined,
          name: type === "page" ? name : undefined,
          properties: properties || {},
          context: {
            page: { url: location.href, title: document.title, referrer: document.referrer },
            locale: navigator.language,
          },
        }),
      });
    };
    window.timbre("page", document.title);
  })("${key}", "${base}");
</script>
<!-- later: timbre("track", "Product Viewed", { product_id: "SKU-1" }) -->`,
    },
    {
      id: "segment",
      kind: "browser",
      language: "ts",
      text: `import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({
  writeKey: "${key}",
  cdnURL: "${base}",
});

analytics.page();
analytics.track("Product Viewed", {
  product_id: "SKU-1",
  price: 19.9,
  currency: "USD",
});

// Your server computes userHash = HMAC-SHA256(hash secret, user id) in hex;
// without it nobody is recognised.
analytics.identify("1042", {}, { context: { userHash } });`,
    },
    {
      id: "server",
      kind: "server",
      language: "ts",
      text: `import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({
  writeKey: "${key}",
  host: "${base}",
});

analytics.track({
  userId: "1042",
  event: "Order Completed",
  properties: { order_id: "A-1001", total: 59.8, currency: "USD" },
});`,
    },
    {
      id: "till",
      kind: "server",
      language: "bash",
      text: `curl ${base}/v1/track \\
  -u "${key}:" \\
  -H "Content-Type: application/json" \\
  -d '{
    "messageId": "till-4-000172",
    "anonymousId": "till-4",
    "context": { "traits": { "member": "M-20731" } },
    "event": "Order Completed",
    "properties": {
      "order_id": "4-000172",
      "total": 42.5,
      "currency": "USD",
      "products": [{ "product_id": "SKU-1", "quantity": 1, "price": 42.5 }]
    }
  }'`,
    },
  ];
}
