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

/** Where the tracking API is. */
export interface Addresses {
  /** For pages: the function's own, since behind Hosting all visitors share few addresses, and so one limit. */
  page: string;
  /** For servers and tills. */
  server: string;
}

/** Lines to paste, with the key and the addresses filled in. The script is the one of docs/tracking.md. */
export function snippets(key: string, { page, server }: Addresses): Snippet[] {
  return [
    {
      id: "small",
      kind: "browser",
      language: "html",
      text: `<script>
!function(u,k){var n=navigator,s=localStorage,q=[],t,w=window
if(n.globalPrivacyControl||n.doNotTrack=='1')return w.timbre={page:Date,track:Date,identify:Date}
var id=function(){return crypto.randomUUID()},a=s.timbreId=s.timbreId||id()
function send(){clearTimeout(t);t=0;if(!q.length)return
var b=JSON.stringify({writeKey:k,sentAt:new Date,batch:q.splice(0,20)})
n.sendBeacon(u+'/v1/b',b)||fetch(u+'/v1/b',{method:'POST',body:b});send()}
function put(m,hash){var d=Date.now(),v=(s.timbreVisit||'').split('/')
if(d-v[1]>18e5||!v[1])v[0]=id();s.timbreVisit=v[0]+'/'+d
m.messageId=id();m.timestamp=new Date;m.anonymousId=a
m.context={sessionId:v[0],userHash:hash,page:{url:location.href},locale:n.language}
q.push(m);t=t||setTimeout(send,1e3)}
w.timbre={page:function(p){put({type:'page',properties:p||{title:document.title}})},
track:function(e,p){put({type:'track',event:e,properties:p})},
identify:function(i,p,h){put({type:'identify',userId:i,traits:p},h)}}
addEventListener('pagehide',send)}('${page}','${key}')
timbre.page()
</script>`,
    },
    {
      id: "segment",
      kind: "browser",
      language: "ts",
      text: `import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({
  writeKey: "${key}",
  cdnURL: "${page}",
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
  host: "${server}",
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
      text: `curl ${server}/v1/track \\
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
