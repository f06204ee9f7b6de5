using System.Collections.Immutable;
using System.CommandLine;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Output;

/// <summary><c>--relay-through</c>: the blind relays that may carry connections.</summary>
internal static class RelayOption
{
    public static Option<string?> Create() => new("--relay-through")
    {
        Description = "key[,key] of blind relays that carry connections for which there is no other way",
    };

    public static ImmutableArray<PublicKey> Parse(string? text)
        => text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ToKey)];

    private static PublicKey ToKey(string text)
        => PublicKey.TryParse(text, out PublicKey key)
            ? key
            : throw CommandException.Usage($"'{text}' is no public key of a relay", "64 hex digits, as auction dht relay prints them");
}
