package io.leukostream.results.rest;

/**
 * The public half of the site's key.
 *
 * @param keyId the first 16 hexadecimal digits of SHA-256 over the key as DER
 * @param algorithm Ed25519
 * @param publicKey X.509 SubjectPublicKeyInfo as a PEM block
 */
public record AuditKeyJson(String keyId, String algorithm, String publicKey) {}
