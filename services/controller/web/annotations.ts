import { type Json, type KeyValue, valueOf } from "../../core/model/parameters";

/** A flag of a web action. Only true counts: nothing is exported by mistake. */
export const isSet = (annotations: readonly KeyValue[], key: string): boolean => valueOf(annotations, key) === true;

/** What a caller has to show: a key of the platform, or a value in a header; undefined: nothing. */
export const requiredAuth = (annotations: readonly KeyValue[]): Json | undefined => valueOf(annotations, "require-whisk-auth");
