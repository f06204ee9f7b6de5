using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Cli.Core;

/// <summary>Arguments that the core verbs share.</summary>
internal static class CoreArguments
{
    public static Argument<string> Folder() => new("folder") { Description = "folder with the files of one Hypercore 10" };

    public static Option<string?> EncryptionKey() => new("--encryption-key") { Description = "64 hex digits, for encrypted blocks" };

    public static CoreOptions Open(string folder, bool readOnly, string? encryptionKey = null) => new()
    {
        Folder = folder,
        Storage = new HypercoreOptions { ReadOnly = readOnly, EncryptionKey = ParseBytes32(encryptionKey, "--encryption-key") },
        RecordsEvents = false,
    };

    /// <summary>Opens a core that may be damaged, to repair it.</summary>
    public static CoreOptions OpenDamaged(string folder)
    {
        CoreOptions options = Open(folder, readOnly: false);
        return options with { Storage = options.Storage with { OpensDamaged = true } };
    }

    public static CoreKey ParseKey(string text)
        => CoreKey.TryParse(text, out CoreKey key)
            ? key
            : throw CommandException.Usage($"'{text}' is not the key of a core", "64 hex digits, or the 52 letters of its id");

    public static Bytes32? ParseBytes32(string? text, string option)
    {
        if (text is null)
            return null;
        return Bytes32.TryParseHex(text, out Bytes32 value)
            ? value
            : throw CommandException.Usage($"{option} '{text}' is not a key", "64 hex digits");
    }

    /// <summary>Reads <c>5</c> or <c>5..8</c>, whose end is not included.</summary>
    public static (long Start, long End) ParseRange(string text)
    {
        string[] parts = text.Split("..");
        if (long.TryParse(parts[0], out long start) && start >= 0)
        {
            if (parts.Length == 1)
                return (start, start + 1);
            if (parts.Length == 2 && long.TryParse(parts[1], out long end) && end >= start)
                return (start, end);
        }

        throw CommandException.Usage($"'{text}' is not a block or a range of blocks", "a number such as 5, or 5..8 for blocks 5, 6 and 7");
    }
}
