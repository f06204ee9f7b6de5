using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht ping</c>: whether one node answers, and how it sees us.</summary>
internal static class PingVerb
{
    public static Command Create()
    {
        Argument<string> node = new("node") { Description = "host:port" };
        return DhtSession.Verb(
            new Command("ping", "Ask one node for a sign of life. Example: auction dht ping 127.0.0.1:30001") { node },
            parsed =>
            {
                BootstrapNode asked = BootstrapNodes.Parse(parsed.GetValue(node))[0];
                return session => PingAsync(session, asked);
            },
            joins: false);
    }

    private static async Task<int> PingAsync(DhtSession session, BootstrapNode node)
    {
        ReceivedReply reply = await BootstrapNodes.PingAsync(session.Node, node).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.Offline, "TIMED_OUT", $"{node} does not answer");
        if (session.IsJson)
        {
            JsonOutput.WriteLine(new JsonObject
            {
                ["from"] = reply.From.ToString(),
                ["id"] = reply.Id?.ToString(),
                ["to"] = reply.To.ToString(),
                ["roundTripMs"] = Math.Round(reply.RoundTrip.TotalMilliseconds, 3),
            });
        }
        else
            Console.WriteLine($"{reply.From} answers in {reply.RoundTrip.TotalMilliseconds:0.0} ms and sees us at {reply.To}");
        return ExitCode.Success;
    }
}
