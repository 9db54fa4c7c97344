import { TestPlatform } from "../support/platform";
import { webCases } from "./cases/web";

webCases(() => TestPlatform.start());
