import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "../../../../src/files/index.ts";
import { parseRsync } from "../../../../src/files/rsync/command.ts";

const CAN = "e.iLsfxCIvu";

for (const [command, expected] of [
  [
    `rsync --server -vlogDtprz${CAN} --delete --inplace . dir/a\\ b`,
    { direction: "push", options: [`-vlogDtprz${CAN}`, "--delete", "--inplace"], paths: [{ text: "dir/a b" }] },
  ],
  [
    `rsync --server --sender -r${CAN} . x/* y`,
    {
      direction: "pull",
      options: [`-r${CAN}`],
      paths: [{ text: "x/*", pattern: "x/*" }, { text: "y" }],
      writes: false,
    },
  ],
  [
    `rsync --server --sender -r${CAN} --remove-source-files . x`,
    { direction: "pull", options: [`-r${CAN}`, "--remove-source-files"], paths: [{ text: "x" }], writes: true },
  ],
  [
    `rsync --server -nde.LsfxCIvu -B700 -@-1 --mkpath . x/`,
    {
      direction: "push",
      options: ["-nde.LsfxCIvu", "-B700", "-@-1"],
      paths: [{ text: "x/" }],
      isDryRun: true,
      makesPath: true,
    },
  ],
  [
    `rsync --server -b${CAN} --suffix=.bak --partial-dir .part --delay-updates . -odd`,
    {
      direction: "push",
      options: [`-b${CAN}`, "--suffix=.bak", "--partial-dir=.part", "--delay-updates"],
      paths: [{ text: "-odd" }],
    },
  ],
  ["rsync --server --sender -re31.1 --append --append --checksum-choice=xxh128,md5 --info=progress2 . .", undefined],
  [
    "rsync --server --sender -r --append --append --checksum-choice=xxh128,md5 --info=progress2 --skip-compress= . .",
    {
      direction: "pull",
      options: ["-r", "--append", "--append", "--checksum-choice=xxh128,md5", "--info=progress2", "--skip-compress="],
      paths: [{ text: "." }],
      writes: false,
    },
  ],
] as const) {
  test(`${command} is ${expected === undefined ? "refused" : "understood"}`, () => {
    if (expected === undefined) assert.throws(() => parseRsync(command), FileError);
    else assert.deepEqual(parseRsync(command), { writes: true, isDryRun: false, makesPath: false, ...expected });
  });
}

for (const command of [
  "rsync",
  "rsync --version",
  "rsync --daemon",
  "rsync --server --daemon .",
  "rsync --server --config=/etc/x --daemon . .",
  "rsync --server -slogDtpre.iLsfxCIvu",
  "rsync --server -slogDtpre.iLsfxCIvu . .",
  "rsync --server --sender -logDtpre.iLsfxCIvu --files-from=/etc/passwd . .",
  "rsync --server --sender -logDtpre.iLsfxCIvu --files-from=- . .",
  "rsync --server --sender -Le.iLsfxCIvu . .",
  "rsync --server --sender -ke.iLsfxCIvu . .",
  "rsync --server -Ke.iLsfxCIvu . .",
  "rsync --server -Ae.iLsfxCIvu . .",
  "rsync --server -Xe.iLsfxCIvu . .",
  "rsync --server -Ce.iLsfxCIvu . .",
  "rsync --server --sender --copy-unsafe-links -re.iLsfxCIvu . .",
  "rsync --server -re.iLsfxCIvu --log-file=/tmp/x . .",
  "rsync --server -re.iLsfxCIvu --temp-dir=/tmp . .",
  "rsync --server -re.iLsfxCIvu --temp-dir /tmp . .",
  "rsync --server -re.iLsfxCIvu --backup-dir=/tmp . .",
  "rsync --server -re.iLsfxCIvu --link-dest=/etc . .",
  "rsync --server -re.iLsfxCIvu --partial-dir=/tmp . .",
  "rsync --server -re.iLsfxCIvu --partial-dir=../x . .",
  "rsync --server -re.iLsfxCIvu --partial-dir .. . .",
  "rsync --server -re.iLsfxCIvu --suffix=/../x . .",
  "rsync --server -re.iLsfxCIvu --write-devices . .",
  "rsync --server -re.iLsfxCIvu --super . .",
  "rsync --server -re.iLsfxCIvu --fake-super . .",
  "rsync --server -re.iLsfxCIvu --insecure-links . .",
  "rsync --server -re.iLsfxCIvu --confine-root=/ . .",
  "rsync --server -re.iLsfxCIvu --no-munge-links . .",
  "rsync --server -re.iLsfxCIvu --iconv=utf8 . .",
  "rsync --server -re.iLsfxCIvu --only-write-batch=x . .",
  "rsync --server -re.iLsfxCIvu --usermap=*:root . .",
  "rsync --server -re.iLsfxCIvu --rsh=sh . .",
  "rsync --server -re.iLsfxCIvu -essh . .",
  "rsync --server -e sh . .",
  "rsync --server -re.iLsfxCIvu --delete=yes . .",
  "rsync --server -re.iLsfxCIvu --timeout=x . .",
  "rsync --server -re.iLsfxCIvu --timeout . .",
  "rsync --server -re.iLsfxCIvu . a b",
  "rsync --server -re.iLsfxCIvu .",
  "rsync --server -re.iLsfxCIvu",
  "rsync --server -re.iLsfxCIvu . $(id)",
  "rsync --server -re.iLsfxCIvu . a;id",
  "rsync --server - . .",
  "rsync --server -n -s . .",
  "rsync --server -n -Le.iLsfxCIvu . .",
  "rsync --server -n /etc . .",
  "rsync --server -r- . .",
  "rsync --server -rB7 . .",
  "rsync --server -B . .",
  "rsync --server -r=x . .",
  "rsync --server --=x . .",
  "rsync --server --delete\u0000x . .",
  "rsync --server -re.iLsfxCIvu --suffix= . .",
  "rsync --server -re.iLsfxCIvu --partial-dir=-x . .",
  "rsync --server -re.iLsfxCIvu --partial-dir",
  "rsync --server -re.iLsfxCIvu --checksum-choice=../x . .",
  "rsync --sender --server -re.iLsfxCIvu . .",
  "rsync -e.iLsfxCIvu --server . .",
  `rsync --server --sender -re.iLsfxCIvu . ${"a ".repeat(1001)}`,
]) {
  test(`${command.slice(0, 90)} is refused`, () => {
    assert.throws(
      () => parseRsync(command),
      (error) => error instanceof FileError && error.code === "INVALID",
    );
  });
}
