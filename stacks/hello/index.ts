// A guestbook: visitors are greeted, and the book remembers who came.
import * as pulumi from "@pulumi/pulumi";
import * as stackwhisk from "stackwhisk";

// Another program has made the platform (../platform); this one takes its address and its key from there.
const config = new pulumi.Config();
const ownName = `${pulumi.getOrganization()}/stackwhisk-platform/${pulumi.getStack()}`;
const platform = new pulumi.StackReference(config.get("platform") || ownName);
export const apiHost = platform.requireOutput("apiHost");
const provider = new stackwhisk.Provider("platform", { apiHost, auth: platform.requireOutput("auth") });

// An action from a TypeScript file. What the file imports is bundled with it.
const greet = new stackwhisk.Action("greet", { code: "./actions/greet.ts" }, { provider });

// A small one may stand right here. Only its own text is deployed, so it uses nothing from around it.
const shout = new stackwhisk.Action("shout", { handler: ({ text }) => ({ text: text.toUpperCase() }) }, { provider });

// Chained without code: what `greet` returns goes into `shout`.
const greetLoudly = new stackwhisk.Sequence("greet-loudly", { actions: [greet, shout] }, { provider });

// A package: all of its actions get its parameters. This one has an action in Python.
const guestbook = new stackwhisk.Package("guestbook", { parameters: { place: "the lobby" } }, { provider });
const sign = new stackwhisk.Action("sign", { package: guestbook, code: "./actions/sign.py" }, { provider });

// An event, and what happens then: whenever somebody visits, the guestbook is signed.
const visit = new stackwhisk.Trigger("visit", {}, { provider });
const signOnVisit = new stackwhisk.Rule("sign-on-visit", { trigger: visit, action: sign }, { provider });

// Anyone can call a web action with a browser.
const welcome = new stackwhisk.Action("welcome", { code: "./actions/welcome.ts", web: true }, { provider });

export const action = greet.name;
export const sequence = greetLoudly.name;
export const trigger = visit.name;
export const rule = signOnVisit.name;
export const ruleAction = pulumi.interpolate`${guestbook.name}/${sign.name}`;
export const web = welcome.url;
