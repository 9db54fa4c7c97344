import { describeWithServers } from "../support/servers";
import { conformance } from "./conformance";
import { distributed } from "./support/target";

describeWithServers("a platform of several processes conforms:", () => conformance(distributed));
