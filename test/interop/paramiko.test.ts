import { keyKinds, pythonLibrary, testCertificates, testLibrary } from "./harness/index.ts";

const paramiko = pythonLibrary({ name: "paramiko", keys: keyKinds, bulk: 16, renewsWhileSending: true, signals: [] });

testLibrary(paramiko);
testCertificates(paramiko, ["ed25519", "ecdsa-256", "rsa-2048"]);
