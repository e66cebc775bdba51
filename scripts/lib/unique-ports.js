// Preloaded into firebase-tools: no worker port is handed out twice.
//
// The functions emulator looks for a free port from 8081 plus a random number, and its Python worker binds it two seconds
// later. Two workers that start together can be given the same port; the second then never starts, and its requests reach
// the first one's function. Here the official finder is asked from a wide range, and what it gave once is not given again.
"use strict";
const path = require("path");
const { randomInt } = require("crypto");
const portfinder = require(require.resolve("portfinder", { paths: [path.join(__dirname, "..", "..", "node_modules", "firebase-tools")] }));

const find = portfinder.getPortPromise.bind(portfinder);
const given = new Set();

portfinder.getPortPromise = async (options = {}) => {
  let from = 20000 + randomInt(0, 10000);
  for (;;) {
    const port = await find({ ...options, port: from, stopPort: 32000 });
    if (!given.has(port)) {
      given.add(port);
      return port;
    }
    from = port + 1;
  }
};
