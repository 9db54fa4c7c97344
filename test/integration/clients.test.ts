import { TestPlatform } from "../support/platform";
import { clientCases } from "./cases/clients";

clientCases(() => TestPlatform.start());
