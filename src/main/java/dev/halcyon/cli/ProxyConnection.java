package dev.halcyon.cli;

import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command's connection to the running proxy. */
final class ProxyConnection implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final ProxyAccess access;
  private final ControlClient client;

  private ProxyConnection(ProxyAccess access) {
    this.access = access;
    this.client = new ControlClient(access.control(), ControlToken.read(access.tokenFile()));
  }

  static ProxyConnection open(Invocation invocation) {
    return new ProxyConnection(ProxySetupReader.access(invocation.layers().get()));
  }

  ProxyAccess access() {
    return access;
  }

  JsonNode status() {
    return client.get("/status");
  }

  JsonNode digests() {
    return client.get("/digests");
  }

  JsonNode post(String verb, Map<String, Object> fields, Duration patience) {
    var all = new LinkedHashMap<>(fields);
    if (!patience.isZero()) {
      all.put("patienceMs", patience.toMillis());
    }
    return client.post("/" + verb, all, patience);
  }

  JsonNode post(String verb) {
    return post(verb, Map.of(), Duration.ZERO);
  }

  /** The fields of an answer of the proxy, for an answer of ours. */
  static Map<String, Object> fields(JsonNode answer) {
    var fields = new LinkedHashMap<String, Object>();
    for (var field : answer.properties()) {
      fields.put(field.getKey(), MAPPER.treeToValue(field.getValue(), Object.class));
    }
    return fields;
  }

  @Override
  public void close() {
    client.close();
  }
}
