package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What may be asked of a proxy. Each hold has a number. Whoever names it acts on that hold only, so
 * that a controller that was away while its lease ended cannot disturb the hold of the next one;
 * whoever names none acts on any. Thread-safe.
 */
final class Verbs {
  private static final Set<String> LEASE = Set.of("leaseMs", "hold");
  private static final Set<String> WAIT = Set.of("patienceMs", "hold");
  private static final Set<String> TARGET = Set.of("server", "patienceMs");
  private static final Set<String> REPOINT = Set.of("server", "policy", "patienceMs", "hold");

  /** So that a connection is not held for ever; the client asks again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Traffic traffic;
  private final Chores chores;

  /** Guarded by this. */
  private long hold;

  /** Guarded by this. */
  private boolean over;

  Verbs(Traffic traffic, Chores chores) {
    this.traffic = traffic;
    this.chores = chores;
  }

  /**
   * @return the answer's fields
   * @throws ControlRefusal if it is not done
   */
  Map<String, Object> answer(String verb, InputStream body)
      throws IOException, InterruptedException {
    try {
      return switch (verb) {
        case "GET /status" -> status();
        case "GET /digests" -> digests();
        case "POST /hold" -> hold(Fields.read(body, Set.of("leaseMs")).time("leaseMs"));
        case "POST /renew" -> renew(Fields.read(body, LEASE));
        case "POST /release" -> release(Fields.read(body, Set.of("hold")));
        case "POST /drained" -> {
          var fields = Fields.read(body, WAIT);
          yield Map.of(
              "drained", isMeant(fields) && traffic.awaitDrained(patience(fields, LONGEST_WAIT)));
        }
        case "POST /close-stragglers" -> {
          var fields = Fields.read(body, WAIT);
          check(fields);
          yield Map.of("drained", traffic.closeStragglers(fields.time("patienceMs")));
        }
        case "POST /prepare" -> {
          var fields = Fields.read(body, TARGET);
          yield TrafficJson.moves(
              traffic.prepare(fields.text("server"), fields.time("patienceMs")));
        }
        case "POST /forget" -> {
          Fields.read(body, Set.of());
          traffic.forget();
          yield Map.of();
        }
        case "POST /repoint" -> {
          var fields = Fields.read(body, REPOINT);
          check(fields);
          yield TrafficJson.moves(
              traffic.repoint(
                  fields.text("server"),
                  fields.word("policy", Immovable.class),
                  fields.time("patienceMs")));
        }
        case "POST /stop" -> {
          Fields.read(body, Set.of());
          chores.stop();
          yield Map.of();
        }
        case "POST /hand-over" -> {
          Fields.read(body, Set.of());
          yield chores.handOver();
        }
        case "POST /handed-over" -> {
          Fields.read(body, Set.of());
          yield handedOver();
        }
        default ->
            throw new ControlRefusal(404, ErrorCode.CONTROL_MALFORMED, "There is no " + verb);
      };
    } catch (IllegalStateException state) {
      throw new ControlRefusal(409, ErrorCode.HOLD_STATE, String.valueOf(state.getMessage()));
    } catch (IllegalArgumentException unknown) {
      throw new ControlRefusal(404, ErrorCode.SERVER_UNKNOWN, String.valueOf(unknown.getMessage()));
    }
  }

  private Map<String, Object> status() {
    var fields = new LinkedHashMap<String, Object>(chores.about());
    fields.putAll(TrafficJson.status(traffic.status()));
    return fields;
  }

  private Map<String, Object> digests() {
    var fields = new LinkedHashMap<String, Object>(chores.about());
    fields.putAll(DigestsJson.of(chores.digests(), Instant.now()));
    return fields;
  }

  /** From now on the new process must be asked, which asks this one. */
  private synchronized Map<String, Object> handedOver() {
    if (traffic.status().held()) {
      throw new IllegalStateException("Clients are held");
    }
    over = true;
    chores.handedOver();
    return Map.of();
  }

  private synchronized Map<String, Object> hold(Duration lease) {
    if (over) {
      throw new IllegalStateException("This process has handed over to a new one");
    }
    positive(lease);
    traffic.hold(lease);
    hold++;
    return Map.of("hold", hold);
  }

  private synchronized Map<String, Object> renew(Fields fields) {
    check(fields);
    var lease = fields.time("leaseMs");
    positive(lease);
    traffic.renew(lease);
    return Map.of();
  }

  private synchronized Map<String, Object> release(Fields fields) {
    if (traffic.status().held()) {
      check(fields);
      traffic.release();
    }
    return Map.of();
  }

  private static void positive(Duration lease) {
    if (lease.isZero()) {
      throw ControlRefusal.malformed("A lease of no time");
    }
  }

  private static Duration patience(Fields fields, Duration most) {
    var asked = fields.time("patienceMs");
    return asked.compareTo(most) > 0 ? most : asked;
  }

  /** Whoever has a say must still have it. */
  private void check(Fields fields) {
    if (!isMeant(fields)) {
      throw new ControlRefusal(409, ErrorCode.HOLD_STATE, "The lease of this hold has ended");
    }
  }

  private boolean isMeant(Fields fields) {
    var named = fields.number("hold");
    if (named.isEmpty()) {
      return true;
    }
    synchronized (this) {
      if (named.getAsLong() != hold) {
        return false;
      }
    }
    var status = traffic.status();
    return status.held() && !status.leaseOver();
  }
}
