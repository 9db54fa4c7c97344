export { type Assignment, Dispatcher, type DispatcherOptions, type Handler, type Timers } from "./dispatcher";
export { FairQueue } from "./fairQueue";
