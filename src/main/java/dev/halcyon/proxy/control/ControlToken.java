package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * What proves that somebody may control the proxy: a text in a file that nobody but its owner can
 * read. It has no text form and never enters a log.
 */
public final class ControlToken {
  private static final int BYTES = 32;

  private final String secret;

  private ControlToken(String secret) {
    this.secret = secret;
  }

  /**
   * Takes the file's, or makes the file (mode 0600) with a new one.
   *
   * @throws dev.halcyon.model.Refusal HAL-702 if that fails, or if everybody can read it
   */
  public static ControlToken provide(Path file) {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      Files.createFile(file, owner);
      Files.writeString(
          file, HexFormat.of().formatHex(bytes) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException there) {
      return read(file);
    } catch (IOException failure) {
      throw ErrorCode.PROXY_DENIED.refuse(
          "The token file " + file + " cannot be written: " + failure.getMessage(),
          "Name another one as proxy.token-file.");
    }
    return read(file);
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-702 if it cannot be read, or if everybody can read it
   */
  public static ControlToken read(Path file) {
    String text;
    Set<PosixFilePermission> permissions;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      permissions = Files.getPosixFilePermissions(file);
    } catch (NoSuchFileException missing) {
      throw ErrorCode.PROXY_DENIED.refuse(
          "There is no token file " + file + ".",
          "The proxy makes it when it starts; name the same file as proxy.token-file.");
    } catch (IOException failure) {
      throw ErrorCode.PROXY_DENIED.refuse(
          "The token file " + file + " cannot be read: " + failure.getMessage(), "");
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      throw ErrorCode.PROXY_DENIED.refuse(
          "Everybody can read the token file " + file + ".", "Type: chmod 600 " + file);
    }
    if (text.length() < BYTES) {
      throw ErrorCode.PROXY_DENIED.refuse(
          "The token file " + file + " holds no token.",
          "Delete it; the proxy makes a new one when it starts.");
    }
    return new ControlToken(text);
  }

  /** What a request carries. */
  String header() {
    return "Bearer " + secret;
  }

  /** In a time that tells nothing of where they differ. */
  boolean matches(String header) {
    return MessageDigest.isEqual(
        header.getBytes(StandardCharsets.UTF_8), header().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a token";
  }
}
