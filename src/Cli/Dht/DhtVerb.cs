using System.CommandLine;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht</c>: the DHT by hand.</summary>
internal static class DhtVerb
{
    public static Command Create()
    {
        Command dht = new("dht", "Look up, announce and store in the DHT, one operation at a time. Example: auction dht ping 127.0.0.1:30001");
        foreach (Command verb in (Command[])[
            .. PeerVerbs.All(), .. AnnounceVerbs.All(), .. ImmutableVerbs.All(), .. MutableVerbs.All(), PingVerb.Create(), RelayVerb.Create()])
            dht.Subcommands.Add(verb);
        return dht;
    }
}
