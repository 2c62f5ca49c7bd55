import { keyKinds, pythonLibrary, testLibrary } from "./harness/index.ts";

testLibrary(
  pythonLibrary({ name: "libssh", keys: keyKinds, bulk: 32, renewsWhileSending: true, signals: ["USR1", "BREAK"] }),
);
