import Bytes
import HTTP
import Incidents

extension API {
  /// What is told outside of the cluster, and how people answer from there.
  static let outside: [Route<Exchange>] = [
    // The webhooks, and how each stands. Their secrets are shown nowhere.
    .get("/v1/webhooks") { try await $0.listWebhooks() },
    // A new one; the answer is the only place where its secret is ever shown.
    .post("/v1/webhooks") { try await $0.makeWebhook() },
    .get("/v1/webhooks/:webhook") { try await $0.showWebhook($1) },
    // What is left out stays.
    .post("/v1/webhooks/:webhook") { (exchange: Exchange, webhook: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        .changeWebhook(try clerk.webhook(webhook, isNew: false, &body))
      }
    },
    .post("/v1/webhooks/:webhook/removal") { (exchange: Exchange, webhook: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .removeWebhook(webhook)
      }
    },
    // Another secret, shown this once; for a day posts are signed with the one before too.
    .post("/v1/webhooks/:webhook/rotation") { try await $0.rotateWebhook($1) },
    // Posts something to try it with.
    .post("/v1/webhooks/:webhook/test") { (exchange: Exchange, webhook: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .postDelivery(.test(clerk.makeID()), to: webhook)
      }
    },
    // What was posted or waits, latest first.
    .get("/v1/webhooks/:webhook/deliveries") { try await $0.listDeliveries(to: $1) },
    // Sends what is over once more, under the same id.
    .post("/v1/webhooks/:webhook/deliveries/:delivery/resend") {
      (exchange: Exchange, webhook: ID, delivery: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .postDelivery(.again(delivery), to: webhook)
      }
    },
    // The link in a page: asks what to answer, and changes nothing. No token.
    .get("/a/:link") { try await $0.showPageLink($1) },
    // Its form: answers for whoever was paged. No token.
    .post("/a/:link") { try await $0.answerPageLink($1) },
  ]
}
