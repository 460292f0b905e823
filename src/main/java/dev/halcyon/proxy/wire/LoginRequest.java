package dev.halcyon.proxy.wire;

import java.nio.charset.StandardCharsets;

/**
 * The client's answer to the greeting, of protocol 4.1 ("HandshakeResponse41").
 *
 * @param proof shows that the client knows the password
 * @param schema empty for none; as the client wrote it
 * @param attributes of the connection, as on the wire without their length
 */
public record LoginRequest(
    Capabilities capabilities,
    long longestPacket,
    int collation,
    Bytes user,
    Bytes proof,
    Bytes schema,
    String plugin,
    Bytes attributes) {
  private static final int FILLER = 19;

  /** Of what stands before the user. */
  private static final int BEGINNING = 32;

  private static final int CHANGE_USER = 0x11;

  public LoginRequest {
    if (!capabilities.has(Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION)) {
      throw new MalformedPacketException("A client older than 4.1");
    }
  }

  /**
   * @param offered in the greeting; what the client names beyond it is left out
   */
  public static LoginRequest decode(PayloadReader reader, Capabilities offered) {
    long lower = reader.int4();
    long longestPacket = reader.int4();
    int collation = reader.int1();
    reader.skip(FILLER);
    long upper = reader.int4();
    boolean mariadb = (lower & Capabilities.NOT_MARIADB) == 0;
    var capabilities = Capabilities.of(lower, mariadb ? upper : 0).only(offered.bits());
    Bytes user = reader.untilZero();
    Bytes proof =
        capabilities.has(Capabilities.LONG_AUTH_DATA)
            ? reader.lengthEncodedBytes()
            : reader.bytes(reader.int1());
    Bytes schema =
        capabilities.has(Capabilities.CONNECT_WITH_SCHEMA) && reader.remaining() > 0
            ? reader.untilZero()
            : Bytes.NONE;
    String plugin =
        capabilities.has(Capabilities.PLUGIN_AUTH) && reader.remaining() > 0 ? reader.text() : "";
    Bytes attributes =
        capabilities.has(Capabilities.CONNECT_ATTRIBUTES) && reader.remaining() > 0
            ? reader.lengthEncodedBytes()
            : Bytes.NONE;
    return new LoginRequest(
        capabilities, longestPacket, collation, user, proof, schema, plugin, attributes);
  }

  /** Whether the client wants to speak TLS before it says who it is ("SSLRequest"). */
  public static boolean asksForTls(PayloadReader reader) {
    var copy = reader.again();
    boolean wanted = copy.remaining() >= 4 && (copy.int4() & Capabilities.TLS) != 0;
    if (wanted && reader.remaining() != BEGINNING) {
      throw new MalformedPacketException("A login without the TLS that it claims");
    }
    return wanted;
  }

  /**
   * COM_CHANGE_USER of a session that began with another login.
   *
   * @param first the session's first login
   */
  public static LoginRequest decodeChange(PayloadReader reader, LoginRequest first) {
    var capabilities = first.capabilities();
    reader.skip(1);
    Bytes user = reader.untilZero();
    Bytes proof = reader.bytes(reader.int1());
    Bytes schema = reader.untilZero();
    int collation = reader.remaining() > 1 ? reader.int2() : first.collation();
    String plugin =
        capabilities.has(Capabilities.PLUGIN_AUTH) && reader.remaining() > 0 ? reader.text() : "";
    Bytes attributes =
        capabilities.has(Capabilities.CONNECT_ATTRIBUTES) && reader.remaining() > 0
            ? reader.lengthEncodedBytes()
            : Bytes.NONE;
    var also = schema.isEmpty() ? 0 : Capabilities.CONNECT_WITH_SCHEMA;
    return new LoginRequest(
        capabilities.with(also),
        first.longestPacket(),
        collation,
        user,
        proof,
        schema,
        plugin,
        attributes);
  }

  /** A login that asks for nothing: no schema, no capabilities beyond what a login needs. */
  public static LoginRequest bare(Bytes user, Greeting greeting) {
    var capabilities =
        new Capabilities(
            Capabilities.NOT_MARIADB
                | Capabilities.PROTOCOL_41
                | Capabilities.SECURE_CONNECTION
                | Capabilities.PLUGIN_AUTH);
    return new LoginRequest(
        capabilities, 1 << 24, greeting.collation(), user, Bytes.NONE, Bytes.NONE, "", Bytes.NONE);
  }

  /** What asks a server for TLS; the login must follow with the same capabilities. */
  public void encodeTlsRequest(PayloadWriter writer) {
    boolean mariadb = !capabilities.has(Capabilities.NOT_MARIADB);
    writer.int4(capabilities.lower()).int4(longestPacket).int1(collation).zeros(FILLER);
    writer.int4(mariadb ? capabilities.upper() : 0);
  }

  /** As COM_CHANGE_USER. */
  public void encodeChange(PayloadWriter writer) {
    writer.int1(CHANGE_USER).zeroEnded(user).int1(proof.length()).bytes(proof).zeroEnded(schema);
    writer.int2(collation);
    if (capabilities.has(Capabilities.PLUGIN_AUTH)) {
      writer.zeroEnded(plugin);
    }
    if (capabilities.has(Capabilities.CONNECT_ATTRIBUTES)) {
      writer.lengthEncodedBytes(attributes);
    }
  }

  public void encode(PayloadWriter writer) {
    encodeTlsRequest(writer);
    writer.zeroEnded(user);
    if (capabilities.has(Capabilities.LONG_AUTH_DATA)) {
      writer.lengthEncodedBytes(proof);
    } else {
      writer.int1(proof.length()).bytes(proof);
    }
    if (capabilities.has(Capabilities.CONNECT_WITH_SCHEMA)) {
      writer.zeroEnded(schema);
    }
    if (capabilities.has(Capabilities.PLUGIN_AUTH)) {
      writer.zeroEnded(plugin);
    }
    if (capabilities.has(Capabilities.CONNECT_ATTRIBUTES)) {
      writer.lengthEncodedBytes(attributes);
    }
  }

  /** The user's name as UTF-8, to look it up and to tell it. */
  public String userName() {
    return new String(user.toArray(), StandardCharsets.UTF_8);
  }

  /** The same login of a client that can do more. */
  public LoginRequest with(long more) {
    return new LoginRequest(
        capabilities.with(more), longestPacket, collation, user, proof, schema, plugin, attributes);
  }

  /** The same login, which leads to no schema. */
  public LoginRequest withoutSchema() {
    return new LoginRequest(
        capabilities.without(Capabilities.CONNECT_WITH_SCHEMA),
        longestPacket,
        collation,
        user,
        proof,
        Bytes.NONE,
        plugin,
        attributes);
  }

  /** The same login with another proof. */
  public LoginRequest proving(String byPlugin, Bytes newProof) {
    return new LoginRequest(
        capabilities, longestPacket, collation, user, newProof, schema, byPlugin, attributes);
  }
}
