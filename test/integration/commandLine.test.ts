import { TestPlatform } from "../support/platform";
import { commandLineCases } from "./cases/commandLine";

commandLineCases(() => TestPlatform.start());
