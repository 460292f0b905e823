package dev.halcyon.proxy.wire;

/**
 * The first packet of a connection, version 10, sent by the server.
 *
 * @param nonce 20 bytes that make each login's proof another
 * @param plugin how the server would like to be shown the password
 */
public record Greeting(
    String version,
    long connectionId,
    Bytes nonce,
    Capabilities capabilities,
    int collation,
    int status,
    String plugin) {
  public static final int NONCE_LENGTH = 20;
  private static final int PROTOCOL = 10;
  private static final int FIRST_PART = 8;

  public Greeting {
    if (nonce.length() != NONCE_LENGTH) {
      throw new MalformedPacketException("A nonce of " + nonce.length() + " bytes");
    }
  }

  /** Servers since MySQL 5.5 and MariaDB 5.5; older ones name no plugin and are refused. */
  public static Greeting decode(PayloadReader reader) {
    int protocol = reader.int1();
    if (protocol != PROTOCOL) {
      throw new MalformedPacketException("A greeting of protocol " + protocol);
    }
    String version = reader.text();
    long connectionId = reader.int4();
    Bytes first = reader.bytes(FIRST_PART);
    reader.skip(1);
    long lower = reader.int2();
    int collation = reader.int1();
    int status = reader.int2();
    lower |= (long) reader.int2() << 16;
    reader.skip(1 + 6); // the nonce's length, always 21 where there are plugins
    long upper = reader.int4();
    Bytes second = reader.bytes(NONCE_LENGTH - FIRST_PART);
    reader.skip(1);
    boolean mariadb = (lower & Capabilities.NOT_MARIADB) == 0;
    var capabilities = Capabilities.of(lower, mariadb ? upper : 0);
    if (!capabilities.has(Capabilities.PLUGIN_AUTH | Capabilities.PROTOCOL_41)) {
      throw new MalformedPacketException("A server older than 5.5: " + version);
    }
    return new Greeting(
        version, connectionId, join(first, second), capabilities, collation, status, reader.text());
  }

  /** The same with another number for the session. */
  public Greeting with(long otherConnectionId) {
    return new Greeting(version, otherConnectionId, nonce, capabilities, collation, status, plugin);
  }

  public void encode(PayloadWriter writer) {
    byte[] whole = nonce.toArray();
    boolean mariadb = !capabilities.has(Capabilities.NOT_MARIADB);
    writer.int1(PROTOCOL).zeroEnded(version).int4(connectionId);
    for (int i = 0; i < FIRST_PART; i++) {
      writer.int1(whole[i]);
    }
    writer.int1(0).int2((int) capabilities.lower()).int1(collation).int2(status);
    writer.int2((int) (capabilities.lower() >>> 16)).int1(NONCE_LENGTH + 1).zeros(6);
    writer.int4(mariadb ? capabilities.upper() : 0);
    for (int i = FIRST_PART; i < NONCE_LENGTH; i++) {
      writer.int1(whole[i]);
    }
    writer.int1(0).zeroEnded(plugin);
  }

  private static Bytes join(Bytes first, Bytes second) {
    var whole = new byte[first.length() + second.length()];
    System.arraycopy(first.toArray(), 0, whole, 0, first.length());
    System.arraycopy(second.toArray(), 0, whole, first.length(), second.length());
    return Bytes.of(whole);
  }
}
