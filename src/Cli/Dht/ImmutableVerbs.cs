using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht put-immutable</c> and <c>get-immutable</c>: values under their hash.</summary>
internal static class ImmutableVerbs
{
    public static IEnumerable<Command> All()
    {
        Argument<string> value = new("hex") { Description = "the value, in hex" };
        yield return DhtSession.Verb(
            new Command("put-immutable", "Store a value under its hash. Example: auction dht put-immutable 68656c6c6f") { value },
            parsed =>
            {
                byte[] bytes = DhtArguments.Value(parsed.GetValue(value)!);
                return session => PutAsync(session, bytes);
            });
        Argument<string> hash = new("hash") { Description = "64 hex digits" };
        yield return DhtSession.Verb(
            new Command("get-immutable", "Read the value with a hash. Example: auction dht get-immutable <hash>") { hash },
            parsed =>
            {
                Bytes32 wanted = DhtArguments.Hash(parsed.GetValue(hash)!);
                return session => GetAsync(session, wanted);
            });
    }

    private static async Task<int> PutAsync(DhtSession session, byte[] value)
    {
        HyperDhtProtocol.Stored stored = await session.Dht.PutImmutableAsync(value).ConfigureAwait(false);
        int code = DhtSession.CodeOf(stored);
        string hash = Blake2b.Hash256(value).ToHex();
        if (session.IsJson)
            JsonOutput.WriteLine(new JsonObject { ["hash"] = hash, ["nodes"] = stored.Nodes.Length });
        else
            Console.WriteLine(hash);
        return code;
    }

    private static async Task<int> GetAsync(DhtSession session, Bytes32 hash)
    {
        HyperDhtProtocol.ValueRead read = await session.Dht.GetImmutableAsync(hash).ConfigureAwait(false);
        string text = Found(read);
        if (session.IsJson)
            JsonOutput.WriteLine(new JsonObject { ["value"] = text, ["from"] = read.From?.ToString() });
        else
            Console.WriteLine(text);
        return ExitCode.Success;
    }

    /// <summary>The value in hex, or the failure that says why there is none.</summary>
    internal static string Found(HyperDhtProtocol.ValueRead read)
    {
        if (read.Value is { } value)
            return Convert.ToHexStringLower(value.Span);
        throw read.Responders == 0
            ? SharedOptions.Offline()
            : new CommandException(ExitCode.NotFound, "NOT_FOUND", $"none of {read.Responders} nodes has a value");
    }
}
