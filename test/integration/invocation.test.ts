import { TestPlatform } from "../support/platform";
import { invocationCases } from "./cases/invocation";

invocationCases(() => TestPlatform.start());
