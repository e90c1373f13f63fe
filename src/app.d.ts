import type { House } from '#domain/language.ts';
import type { Gate } from '#server/gate.ts';

declare global {
  namespace App {
    interface Locals {
      gate: Gate;
      /** The clock of this request. */
      now: Date;
      locale: House;
    }
  }
}

export {};
