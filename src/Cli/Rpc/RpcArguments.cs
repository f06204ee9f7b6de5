using System.Buffers;
using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Cli.Rpc;

/// <summary>Arguments that the RPC verbs share, and how they are read.</summary>
internal static class RpcArguments
{
    public static Option<string?> Capability() => new("--capability") { Description = "hex of a key that both sides must know" };

    public static PublicKey Key(string text)
        => PublicKey.TryParse(text, out PublicKey key) ? key : throw CommandException.Usage($"'{text}' is no public key", "64 hex digits");

    public static KeyPair? KeyPairOf(string? seed)
    {
        if (seed is null)
            return null;
        return Bytes32.TryParseHex(seed, out Bytes32 bytes)
            ? KeyPair.FromSeed(bytes)
            : throw CommandException.Usage($"'{seed}' is no seed", "64 hex digits");
    }

    public static byte[] Hex(string text, string what)
    {
        byte[] bytes = new byte[text.Length / 2];
        bool parsed = text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;
        return parsed ? bytes : throw CommandException.Usage($"'{text}' is no {what}", "pairs of hex digits, for example 68656c6c6f");
    }

    public static RpcCapability? CapabilityOf(string? hex) => hex is null ? null : new RpcCapability(Hex(hex, "capability"));
}
