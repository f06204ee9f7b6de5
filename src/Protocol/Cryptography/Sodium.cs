using System.Runtime.InteropServices;

namespace Hyper.Protocol.Cryptography;

/// <summary>The libsodium entry points that NSec ships but does not expose.</summary>
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    /// <summary>Set once the library has been initialised; reading it forces the initialisation.</summary>
    internal static readonly bool Ready = Initialise();

    private static bool Initialise()
        => sodium_init() >= 0 ? true : throw new InvalidOperationException("libsodium could not be initialised");

    [LibraryImport(Library)] private static partial int sodium_init();

    [LibraryImport(Library)] internal static partial int crypto_generichash(byte* hash, nuint hashLength, byte* input, ulong inputLength, byte* key, nuint keyLength);

    [LibraryImport(Library)] internal static partial int crypto_generichash_init(byte* state, byte* key, nuint keyLength, nuint hashLength);

    [LibraryImport(Library)] internal static partial int crypto_generichash_update(byte* state, byte* input, ulong inputLength);

    [LibraryImport(Library)] internal static partial int crypto_generichash_final(byte* state, byte* hash, nuint hashLength);

    [LibraryImport(Library)] internal static partial int crypto_sign_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library)] internal static partial int crypto_sign_detached(byte* signature, ulong* signatureLength, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(Library)] internal static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong messageLength, byte* publicKey);

    [LibraryImport(Library)] internal static partial int crypto_scalarmult_ed25519_noclamp(byte* point, byte* scalar, byte* publicKey);

    [LibraryImport(Library)] internal static partial int crypto_hash_sha512(byte* hash, byte* input, ulong inputLength);

    [LibraryImport(Library)] internal static partial int crypto_aead_chacha20poly1305_ietf_encrypt(byte* cipher, ulong* cipherLength, byte* message, ulong messageLength, byte* data, ulong dataLength, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_aead_chacha20poly1305_ietf_decrypt(byte* message, ulong* messageLength, byte* unused, byte* cipher, ulong cipherLength, byte* data, ulong dataLength, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_secretstream_xchacha20poly1305_init_pull(byte* state, byte* header, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_secretstream_xchacha20poly1305_push(byte* state, byte* cipher, ulong* cipherLength, byte* message, ulong messageLength, byte* data, ulong dataLength, byte tag);

    [LibraryImport(Library)] internal static partial int crypto_secretstream_xchacha20poly1305_pull(byte* state, byte* message, ulong* messageLength, byte* tag, byte* cipher, ulong cipherLength, byte* data, ulong dataLength);

    [LibraryImport(Library)] internal static partial void crypto_secretstream_xchacha20poly1305_rekey(byte* state);

    [LibraryImport(Library)] internal static partial int crypto_secretbox_easy(byte* cipher, byte* message, ulong messageLength, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_secretbox_open_easy(byte* message, byte* cipher, ulong cipherLength, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_stream_xor(byte* output, byte* input, ulong length, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_stream_chacha20_ietf_xor_ic(byte* output, byte* input, ulong length, byte* nonce, uint counter, byte* key);
}
