import { chooseFolder } from "./pulumi";

const projects = ["/checkout/stacks/platform", "/checkout/stacks/hello", "/elsewhere/app"];
const choose = (given: string | undefined, from: string): string => chooseFolder(given, from, (folder) => projects.includes(folder), "/checkout");

test("a command typed in a project, or below one, is for that project", () => {
  expect(choose(undefined, "/checkout/stacks/hello")).toBe("/checkout/stacks/hello");
  expect(choose(undefined, "/checkout/stacks/hello/actions")).toBe("/checkout/stacks/hello");
  expect(choose(undefined, "/elsewhere/app")).toBe("/elsewhere/app");
});

test("a command typed anywhere else is for the platform", () => {
  expect(choose(undefined, "/checkout")).toMatch(/stacks\/platform$/);
  expect(choose(undefined, "/home/somebody")).toMatch(/stacks\/platform$/);
});

test("a folder that is named counts from where it was typed, or from the checkout", () => {
  expect(choose("../hello", "/checkout/stacks/platform")).toBe("/checkout/stacks/hello");
  expect(choose("stacks/hello", "/checkout/docs")).toBe("/checkout/stacks/hello");
  expect(choose("/elsewhere/app", "/checkout")).toBe("/elsewhere/app");
});

test("a folder that is no project is refused with what it lacks", () => {
  expect(() => choose("docs", "/checkout")).toThrow("docs is not the folder of a Pulumi project: there is no /checkout/docs/Pulumi.yaml.");
});
