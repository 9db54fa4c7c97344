import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeContract } from "../contract";
import { openSqliteStore } from "./store";

storeContract("SQLite", async () => {
  const directory = mkdtempSync(join(tmpdir(), "store-"));
  const open = () => openSqliteStore({ file: join(directory, "platform.db") });
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = open());
    },
    cleanup: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
