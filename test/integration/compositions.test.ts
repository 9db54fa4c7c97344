import { TestPlatform } from "../support/platform";
import { compositionCases } from "./cases/compositions";

compositionCases(() => TestPlatform.start());
