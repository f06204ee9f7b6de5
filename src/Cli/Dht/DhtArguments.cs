using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Dht;

/// <summary>Arguments that the DHT verbs share, and how they are read.</summary>
internal static class DhtArguments
{
    public static Option<string?> Seed() => new("--seed") { Description = "64 hex digits that the key pair comes from" };

    public static Bytes32 Topic(string text) => Hex32(text, "topic");

    public static Bytes32 Hash(string text) => Hex32(text, "hash");

    public static PublicKey Key(string text) => new(Hex32(text, "public key"));

    public static byte[] Value(string text)
    {
        // Values must fit a datagram with their signature and the rest of the request.
        const int Limit = 1000;
        if (!TryHex(text, out byte[] bytes))
            throw CommandException.Usage($"'{text}' is no hexadecimal value", "pairs of hex digits, for example 68656c6c6f");
        return bytes.Length is > 0 and <= Limit
            ? bytes
            : throw CommandException.Usage($"the value has {bytes.Length} bytes", $"1 to {Limit}");
    }

    /// <summary>The pair of the seed, or a fresh one.</summary>
    public static KeyPair KeyPairOf(string? seed)
        => seed is null ? KeyPair.Generate(SystemEntropy.Instance) : KeyPair.FromSeed(Hex32(seed, "seed"));

    public static KeyPair RequiredKeyPair(string? seed)
        => seed is null ? throw CommandException.Usage("the seed of the key pair is missing", "--seed with 64 hex digits") : KeyPairOf(seed);

    private static Bytes32 Hex32(string text, string what)
        => Bytes32.TryParseHex(text, out Bytes32 value) ? value : throw CommandException.Usage($"'{text}' is no {what}", "64 hex digits");

    private static bool TryHex(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
