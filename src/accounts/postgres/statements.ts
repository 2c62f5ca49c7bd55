/** The statements of the store, with the schema written out: they do not depend on `search_path`. */
export type Statements = Readonly<ReturnType<typeof statementsFor>>;

/** @param name of a schema that has been checked. */
export function statementsFor(name: string) {
  const [accounts, keys, history, logins] = ["accounts", "account_keys", "account_history", "account_logins"].map(
    (table) => `"${name}".${table}`,
  );
  const row = `select key, revision, document,
    array(select fingerprint from ${keys} where account = key order by fingerprint) as fingerprints from ${accounts}`;
  return {
    get: `${row} where key = $1`,
    findByKey: `${row} where key = (select account from ${keys} where fingerprint = $1)`,
    firstPage: `${row} order by key limit $1`,
    page: `${row} where key > $2 order by key limit $1`,
    insert: `insert into ${accounts} (key, revision, document) values ($1, $2, $3)`,
    replace: `update ${accounts} set key = $3, revision = $4, document = $5 where key = $1 and revision = $2`,
    dropKeys: `delete from ${keys} where account = $1 and fingerprint <> all ($2::text[])`,
    addKeys: `insert into ${keys} (fingerprint, account)
      select fingerprint, $1 from unnest($2::text[]) as fingerprint
      where not exists (select from ${keys} as mine where mine.fingerprint = fingerprint.fingerprint and account = $1)
      order by fingerprint`,
    remove: `delete from ${accounts} where key = $1 and revision = coalesce($2, revision)`,
    // The lock keeps the account and its name until the line is in, and lets one line come after another: otherwise two
    // that come at once would not see each other when they are counted.
    appendHistory: `insert into ${history} (account, at, line)
      select key, $2, $3 from ${accounts} where key = $1 for no key update`,
    trimHistory: `delete from ${history} where account = $1 and id <=
      (select id from ${history} where account = $1 order by id desc offset $2 limit 1)`,
    history: `select at, line from ${history} where account = $1 order by id desc limit $2`,
    clearHistory: `delete from ${history} where account = $1`,
    recordLogin: `insert into ${logins} (account, at, address, method)
      select key, $2, $3, $4 from ${accounts} where key = $1 for key share
      on conflict (account) do update set at = excluded.at, address = excluded.address, method = excluded.method`,
    lastLogin: `select at, address, method from ${logins} where account = $1`,
  };
}
