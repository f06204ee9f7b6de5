using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht announce</c> and <c>unannounce</c>: a key under a topic, once; nodes keep it for about 20 minutes.</summary>
internal static class AnnounceVerbs
{
    public static IEnumerable<Command> All()
    {
        Argument<string> topic = new("topic") { Description = "64 hex digits" };
        Option<string?> seed = DhtArguments.Seed();
        yield return DhtSession.Verb(
            new Command("announce", "Announce a key under a topic. Example: auction dht announce <topic> --seed <seed>") { topic, seed },
            parsed =>
            {
                KeyPair keyPair = DhtArguments.KeyPairOf(parsed.GetValue(seed));
                Bytes32 target = DhtArguments.Topic(parsed.GetValue(topic)!);
                return async session => Print(session, keyPair, await session.Dht.AnnounceAsync(target, keyPair).ConfigureAwait(false));
            });
        Argument<string> announced = new("topic") { Description = "64 hex digits" };
        Option<string?> owner = DhtArguments.Seed();
        yield return DhtSession.Verb(
            new Command("unannounce", "Take an announcement back. Example: auction dht unannounce <topic> --seed <seed>") { announced, owner },
            parsed =>
            {
                KeyPair keyPair = DhtArguments.RequiredKeyPair(parsed.GetValue(owner));
                Bytes32 target = DhtArguments.Topic(parsed.GetValue(announced)!);
                return async session => Print(session, keyPair, await session.Dht.UnannounceAsync(target, keyPair).ConfigureAwait(false));
            });
    }

    private static int Print(DhtSession session, KeyPair keyPair, HyperDhtProtocol.Stored stored)
    {
        int code = DhtSession.CodeOf(stored);
        string[] nodes = [.. stored.Nodes.Select(node => node.ToString())];
        if (session.IsJson)
        {
            JsonOutput.WriteLine(new JsonObject
            {
                ["publicKey"] = keyPair.PublicKey.ToHex(),
                ["nodes"] = new JsonArray([.. nodes.Select(node => JsonValue.Create(node))]),
            });
        }
        else
            Console.WriteLine($"{keyPair.PublicKey}  at {nodes.Length} nodes");
        return code;
    }
}
