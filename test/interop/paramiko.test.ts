import { keyKinds, pythonLibrary, testLibrary } from "./harness/index.ts";

testLibrary(pythonLibrary({ name: "paramiko", keys: keyKinds, bulk: 16, renewsWhileSending: true, signals: [] }));
