package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.proxy.Traffic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A proxy in another process of this host. It remembers the hold that it has begun: once that has
 * ended, nothing that is asked here touches the hold of somebody else. Whatever is asked may also
 * end in a {@link dev.halcyon.model.Failure} (HAL-701): no answer, and whether it was done is not
 * known.
 */
public final class RemoteTraffic implements Traffic {
  private final ControlClient client;

  /** The number of the last hold that was begun here; 0 for none, and for any that there is. */
  private volatile long hold;

  public RemoteTraffic(ControlClient client) {
    this.client = client;
  }

  @Override
  public void hold(Duration lease) {
    hold = post("/hold", fields("leaseMs", lease.toMillis()), Duration.ZERO).path("hold").asLong();
  }

  @Override
  public void renew(Duration lease) {
    post("/renew", held(fields("leaseMs", lease.toMillis())), Duration.ZERO);
  }

  @Override
  public void release() {
    post("/release", held(new LinkedHashMap<>()), Duration.ZERO);
  }

  @Override
  public Status status() {
    return TrafficJson.status(client.get("/status"));
  }

  @Override
  public boolean awaitDrained(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      boolean drained = wait("/drained", left);
      if (drained || left.isZero() || !status().held()) {
        return drained;
      }
    }
  }

  @Override
  public boolean closeStragglers(Duration patience) {
    return wait("/close-stragglers", patience);
  }

  @Override
  public Moves prepare(String server, Duration patience) {
    var fields = fields("server", server);
    fields.put("patienceMs", patience.toMillis());
    return TrafficJson.moves(post("/prepare", fields, patience));
  }

  @Override
  public void forget() {
    post("/forget", Map.of(), Duration.ZERO);
  }

  @Override
  public Moves repoint(String server, Immovable policy, Duration patience) {
    var fields = held(fields("server", server));
    fields.put("policy", policy.name());
    fields.put("patienceMs", patience.toMillis());
    return TrafficJson.moves(post("/repoint", fields, patience));
  }

  private boolean wait(String path, Duration patience) {
    var fields = held(fields("patienceMs", patience.toMillis()));
    return post(path, fields, patience).path("drained").asBoolean();
  }

  private Map<String, Object> held(Map<String, Object> fields) {
    if (hold != 0) {
      fields.put("hold", hold);
    }
    return fields;
  }

  private static Map<String, Object> fields(String name, Object value) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(name, value);
    return fields;
  }

  /** Refusals in the words of the port. */
  private JsonNode post(String path, Map<String, Object> fields, Duration patience) {
    try {
      return client.post(path, fields, patience);
    } catch (Refusal refusal) {
      String code = refusal.findings().getFirst().code();
      if (code.equals(ErrorCode.HOLD_STATE.code())) {
        throw new IllegalStateException(refusal.getMessage(), refusal);
      }
      if (code.equals(ErrorCode.SERVER_UNKNOWN.code())
          || code.equals(ErrorCode.CONTROL_MALFORMED.code())) {
        throw new IllegalArgumentException(refusal.getMessage(), refusal);
      }
      throw refusal;
    }
  }
}
