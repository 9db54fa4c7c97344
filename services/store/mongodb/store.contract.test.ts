import { describeWithMongo } from "../../../test/support/mongodb";
import { storeContract } from "../contract";
import { openedStore } from "./testing/opened";

describeWithMongo("with a MongoDB server", () => storeContract("MongoDB", openedStore));
