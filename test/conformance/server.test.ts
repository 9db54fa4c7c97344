import { conformance } from "./conformance";
import { embedded, named } from "./support/target";

// The server of APIHOST and AUTH; an embedded platform if there is none.
conformance(named(process.env) ?? embedded);
