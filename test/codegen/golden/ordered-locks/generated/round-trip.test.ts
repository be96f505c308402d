// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  CatalogueLock,
  OrderLock,
  ReportLock,
  StockLock,
  call,
  shop,
} from "./index.js";

test("CatalogueLock names catalogue.lock and reads it back", () => {
  roundTrip(CatalogueLock, [], "catalogue.lock");
  reads(shop, "catalogue.lock", {
    CatalogueLock: [],
  });
  reads(shop, "catalogue.lock~", {});
  reads(shop, "catalogue.lock.bak", {});
  reads(shop, "catalogue.lock\n", {});
  reads(shop, "xcatalogue.lock", {});
  reads(shop, "atalogue.lock", {});
});

test("StockLock names stock.lock and reads it back", () => {
  roundTrip(StockLock, [], "stock.lock");
  reads(shop, "stock.lock", {
    StockLock: [],
  });
  reads(shop, "stock.lock~", {});
  reads(shop, "stock.lock.bak", {});
  reads(shop, "stock.lock\n", {});
  reads(shop, "xstock.lock", {});
  reads(shop, "tock.lock", {});
});

test("OrderLock names order-{customer}.lock and reads it back", () => {
  roundTrip(OrderLock, ["acme"], "order-acme.lock");
  reads(shop, "order-acme.lock", {
    OrderLock: ["acme"],
  });
  reads(shop, "order-acme.lock~", {});
  reads(shop, "order-acme.lock.bak", {});
  reads(shop, "order-acme.lock\n", {});
  reads(shop, "xorder-acme.lock", {});
  reads(shop, "rder-acme.lock", {});
  reads(shop, "order-.lock", {});
});

test("call names call.lock and reads it back", () => {
  roundTrip(call, [], "call.lock");
  reads(shop, "call.lock", {
    call: [],
  });
  reads(shop, "call.lock~", {});
  reads(shop, "call.lock.bak", {});
  reads(shop, "call.lock\n", {});
  reads(shop, "xcall.lock", {});
  reads(shop, "all.lock", {});
});

test("ReportLock names report.lock and reads it back", () => {
  roundTrip(ReportLock, [], "report.lock");
  reads(shop, "report.lock", {
    ReportLock: [],
  });
  reads(shop, "report.lock~", {});
  reads(shop, "report.lock.bak", {});
  reads(shop, "report.lock\n", {});
  reads(shop, "xreport.lock", {});
  reads(shop, "eport.lock", {});
});
