using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;

namespace AuctionActors.Cli.Node;

/// <summary>One JSON object a line for programs; whole lines from any thread.</summary>
internal sealed class JsonVoice(TextWriter output) : INodeVoice
{
    private readonly Lock _lock = new();

    public void Ready(ParticipantIdentity self) => Say(NodeJson.Ready(self));

    public void Tell(ParticipantProtocol.IEvent news)
    {
        if (NodeJson.Event(news) is { } json)
            Say(json);
    }

    public void TellBid(ParticipantProtocol.BidDecided bid) => Say(NodeJson.Bid(bid));

    public void Answer(ParticipantProtocol.IReply reply, string reference) => Say(reply switch
    {
        ParticipantProtocol.Opened opened => NodeJson.Opened(opened),
        ParticipantProtocol.BidAnswered answer => NodeJson.Answer(answer),
        ParticipantProtocol.Closed closed => NodeJson.Closed(closed),
        ParticipantProtocol.AuctionsListed list => NodeJson.List(list.Auctions),
        ParticipantProtocol.AuctionShown shown => NodeJson.Show(shown.Auction, shown.Chain),
        ParticipantProtocol.PeersListed list => NodeJson.Peers(list.Peers),
        ParticipantProtocol.Identity identity => Without(NodeJson.Ready(identity.Self), "event"),
        _ => new JsonObject { ["done"] = true },
    });

    public void TellConnections(ImmutableArray<HyperDhtProtocol.ConnectionSummary> connections)
        => Say(new JsonObject { ["connections"] = new JsonArray([.. connections.Select(JsonNode (connection) => ConnectionText.Json(connection))]) });

    public void TellTraffic(DhtNodeProtocol.NodeTraffic traffic) => Say(new JsonObject { ["traffic"] = TrafficText.Json(traffic) });

    public void Audited(AuctionSummary auction, AuditReport report) => Say(NodeJson.Audit(report));

    public void Exported(string file, int events) => Say(new JsonObject { ["file"] = file, ["events"] = events });

    public void Help() => Say(new JsonObject { ["help"] = NodeCommandReader.Help });

    public void Done(string what) => Say(new JsonObject { ["done"] = what });

    public void Fail(CommandException failure) => Say(new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message, ["expected"] = failure.Expected },
    });

    private static JsonObject Without(JsonObject json, string name)
    {
        json.Remove(name);
        return json;
    }

    private void Say(JsonObject json)
    {
        lock (_lock)
        {
            output.WriteLine(json.ToJsonString(JsonOutput.Compact));
            output.Flush();
        }
    }
}
