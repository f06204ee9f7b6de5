using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht put-mutable</c> and <c>get-mutable</c>: signed values under a key, the highest sequence number counts.</summary>
internal static class MutableVerbs
{
    public static IEnumerable<Command> All()
    {
        Argument<string> value = new("hex") { Description = "the value, in hex" };
        Option<string?> seed = DhtArguments.Seed();
        Option<ulong?> sequence = new("--seq") { Description = "sequence number (default: one more than the latest)" };
        yield return DhtSession.Verb(
            new Command("put-mutable", "Store a value under a key. Example: auction dht put-mutable 6869 --seed <seed>") { value, seed, sequence },
            parsed =>
            {
                KeyPair keyPair = DhtArguments.RequiredKeyPair(parsed.GetValue(seed));
                byte[] bytes = DhtArguments.Value(parsed.GetValue(value)!);
                return session => PutAsync(session, keyPair, bytes, parsed.GetValue(sequence));
            });
        Argument<string> key = new("key") { Description = "public key, 64 hex digits" };
        yield return DhtSession.Verb(
            new Command("get-mutable", "Read the latest value under a key. Example: auction dht get-mutable <key>") { key },
            parsed =>
            {
                PublicKey publicKey = DhtArguments.Key(parsed.GetValue(key)!);
                return session => GetAsync(session, publicKey);
            });
    }

    private static async Task<int> PutAsync(DhtSession session, KeyPair keyPair, byte[] value, ulong? sequence)
    {
        ulong number = sequence ?? await NextSequenceAsync(session, keyPair.PublicKey).ConfigureAwait(false);
        HyperDhtProtocol.Stored stored = await session.Dht.PutMutableAsync(keyPair, number, value).ConfigureAwait(false);
        int code = DhtSession.CodeOf(stored);
        if (session.IsJson)
            JsonOutput.WriteLine(Json(keyPair.PublicKey, number, "nodes", stored.Nodes.Length));
        else
            Console.WriteLine($"{keyPair.PublicKey}  sequence {number} at {stored.Nodes.Length} nodes");
        return code;
    }

    private static async Task<int> GetAsync(DhtSession session, PublicKey key)
    {
        HyperDhtProtocol.ValueRead read = await session.Dht.GetMutableAsync(key).ConfigureAwait(false);
        string text = ImmutableVerbs.Found(read);
        if (session.IsJson)
            JsonOutput.WriteLine(Json(key, read.Sequence, "value", text));
        else
            Console.WriteLine($"{text}  sequence {read.Sequence}");
        return ExitCode.Success;
    }

    private static async Task<ulong> NextSequenceAsync(DhtSession session, PublicKey key)
    {
        HyperDhtProtocol.ValueRead latest = await session.Dht.GetMutableAsync(key).ConfigureAwait(false);
        return latest.Value is null ? 0 : latest.Sequence + 1;
    }

    private static JsonObject Json(PublicKey key, ulong sequence, string name, JsonNode value)
        => new() { ["publicKey"] = key.ToHex(), ["seq"] = sequence, [name] = value };
}
