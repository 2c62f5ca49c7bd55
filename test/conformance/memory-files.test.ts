import { memory } from "../../src/files/index.ts";
import { testFileSystem } from "./file-system.ts";

testFileSystem({ name: "memory", make: () => memory() });
