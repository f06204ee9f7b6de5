using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Market.Participants;

public sealed class ParticipantTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RealRuntime _runtime = new("participants");
    private readonly TableNetwork _table = new();
    private readonly Dictionary<string, MemoryFileStore> _disks = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _runtime.StopAsync();

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task Three_participants_play_the_tutorial_story_and_agree()
    {
        (ParticipantClient one, ParticipantClient two, ParticipantClient three) = (Start("Client#1"), Start("Client#2"), Start("Client#3"));
        var opened = await OrderAsync<ParticipantProtocol.Opened>(one, id => new ParticipantProtocol.OpenAuction(
            id, new AuctionOffer { Item = "Pic#1", Title = "Pic#1", StartUnits = 75_000_000 }));
        Bytes32 auction = opened.Auction.Id;
        await KnownAsync(two, auction);
        await KnownAsync(three, auction);
        Assert.Equal((Verdict.Accept, 1ul), await BidAsync(two, auction, "75"));
        Assert.Equal((Verdict.Accept, 2ul), await BidAsync(three, auction, "75.5"));
        Assert.Equal((Verdict.Low, 3ul), await BidAsync(three, auction, "75.5"));
        Assert.Equal((Verdict.Accept, 4ul), await BidAsync(two, auction, "80"));
        var closed = await OrderAsync<ParticipantProtocol.Closed>(one, id => new ParticipantProtocol.CloseAuction(id, auction));
        Assert.Equal(("Client#2", 80_000_000L), (closed.Auction.WinnerName, closed.Auction.Result!.PriceUnits));
        Assert.Equal((2, 2), (closed.PeersTold, closed.PeersAcknowledged));
        foreach (ParticipantClient client in new[] { two, three })
            await EventuallyAsync(client, auction, summary => summary.Digest == closed.Auction.Digest);
        Assert.Equal(Verdict.Late, (await BidAsync(three, auction, "90")).Verdict);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_with_its_reason()
    {
        ParticipantClient one = Start("Client#1");
        ParticipantClient two = Start("Client#2");
        Bytes32 auction = (await OpenAsync(one, "Pic#1")).Id;
        await KnownAsync(two, auction);
        Assert.Equal(Verdict.Self, (await BidAsync(one, auction, "80")).Verdict);
        Assert.Equal(Verdict.WrongCurrency, (await BidAsync(two, auction, "80", "BTC")).Verdict);
        var decimals = await OrderAsync<ParticipantProtocol.Refused>(two, id => new ParticipantProtocol.PlaceBid(id, auction, "75.1234567", ""));
        Assert.Equal("USDt has 6 decimals", decimals.Message);
        var unknown = await OrderAsync<ParticipantProtocol.Refused>(two, id => new ParticipantProtocol.PlaceBid(id, default, "80", ""));
        Assert.Equal(RefusalCode.NotFound, unknown.Code);
        var foreign = await OrderAsync<ParticipantProtocol.Refused>(two, id => new ParticipantProtocol.CloseAuction(id, auction));
        Assert.Equal("only the seller decides", foreign.Message);
        PublicKey nobody = KeyPair.FromSeed(new Bytes32(new byte[32])).PublicKey;
        var offline = await OrderAsync<ParticipantProtocol.Refused>(two, id => new ParticipantProtocol.Connect(id, nobody));
        Assert.Equal(RefusalCode.Offline, offline.Code);
    }

    [Fact]
    public async Task A_restart_keeps_identity_and_auctions_on_both_sides()
    {
        ParticipantClient one = Start("Client#1");
        ParticipantClient two = Start("Client#2");
        Bytes32 auction = (await OpenAsync(one, "Pic#1")).Id;
        await KnownAsync(two, auction);
        await BidAsync(two, auction, "80");
        ParticipantIdentity before = (await QueryAsync<ParticipantProtocol.Identity>(one, id => new ParticipantProtocol.WhoAmI(id))).Self;
        await one.StopAsync();
        await two.StopAsync();
        ParticipantClient again = Start("Client#1");
        ParticipantClient other = Start("Client#2");
        Assert.Equal(before, (await QueryAsync<ParticipantProtocol.Identity>(again, id => new ParticipantProtocol.WhoAmI(id))).Self);
        await EventuallyAsync(again, auction, summary => summary.HighUnits == 80_000_000);
        await EventuallyAsync(other, auction, summary => summary.HighUnits == 80_000_000);
        Assert.Equal((Verdict.Accept, 2ul), await BidAsync(other, auction, "81"));
    }

    [Fact]
    public async Task A_late_joiner_catches_up()
    {
        ParticipantClient one = Start("Client#1");
        ParticipantClient two = Start("Client#2");
        Bytes32 auction = (await OpenAsync(one, "Pic#1")).Id;
        await KnownAsync(two, auction);
        await BidAsync(two, auction, "80");
        await OrderAsync<ParticipantProtocol.Closed>(one, id => new ParticipantProtocol.CloseAuction(id, auction));
        ParticipantClient late = Start("Client#3");
        await EventuallyAsync(late, auction, summary => summary.Status == AuctionStatus.Closed);
    }

    [Fact]
    public async Task A_peer_that_is_silent_does_not_hold_up_the_end_for_long()
    {
        ParticipantClient one = Start("Client#1");
        ParticipantClient two = Start("Client#2");
        Bytes32 auction = (await OpenAsync(one, "Pic#1")).Id;
        await KnownAsync(two, auction);
        _table.IsSilent = true;
        var closed = await OrderAsync<ParticipantProtocol.Closed>(one, id => new ParticipantProtocol.CloseAuction(id, auction));
        Assert.Equal((AuctionStatus.Closed, 1, 0), (closed.Auction.Status, closed.PeersTold, closed.PeersAcknowledged));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        ParticipantClient one = Start("Client#1");
        await QueryAsync<ParticipantProtocol.Identity>(one, id => new ParticipantProtocol.WhoAmI(id));
        var second = new ParticipantClient(_runtime.System.ActorOf(Props("Client#1", "other")), Patience);
        var refused = await QueryAsync<ParticipantProtocol.Refused>(second, id => new ParticipantProtocol.WhoAmI(id));
        Assert.Equal((RefusalCode.Failed, "store is in use by another node"), (refused.Code, refused.Message));
    }

    private ParticipantClient Start(string name)
        => new(_runtime.System.ActorOf(Props(name, name)), Patience);

    private Props Props(string disk, string name)
    {
        if (!_disks.TryGetValue(disk, out MemoryFileStore? files))
            _disks[disk] = files = new MemoryFileStore();
        PeerRuntime peer = _runtime.Peer(name, files, new SeededEntropy(7, name));
        return ParticipantActor.Props(peer, new ParticipantOptions { Name = name, Storage = "store" }, _table.Peer);
    }

    private static async Task<AuctionSummary> OpenAsync(ParticipantClient client, string item)
        => (await OrderAsync<ParticipantProtocol.Opened>(client, id => new ParticipantProtocol.OpenAuction(
            id, new AuctionOffer { Item = item, StartUnits = 75_000_000 }))).Auction;

    private static async Task<(Verdict Verdict, ulong Sequence)> BidAsync(ParticipantClient client, Bytes32 auction, string amount, string code = "")
    {
        var answer = await OrderAsync<ParticipantProtocol.BidAnswered>(
            client, id => new ParticipantProtocol.PlaceBid(id, auction, amount, code));
        return (answer.Verdict, answer.Sequence);
    }

    private static Task KnownAsync(ParticipantClient client, Bytes32 auction) => EventuallyAsync(client, auction, _ => true);

    private static async Task EventuallyAsync(ParticipantClient client, Bytes32 auction, Func<AuctionSummary, bool> holds)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var listed = await QueryAsync<ParticipantProtocol.AuctionsListed>(client, id => new ParticipantProtocol.ListAuctions(id));
            if (listed.Auctions.Any(summary => summary.Id == auction && holds(summary)))
                return;
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<T> OrderAsync<T>(ParticipantClient client, Func<long, ParticipantProtocol.ICommand> command)
        => Assert.IsType<T>(await client.OrderAsync(command));

    private static async Task<T> QueryAsync<T>(ParticipantClient client, Func<long, ParticipantProtocol.IQuery> query)
        => Assert.IsType<T>(await client.QueryAsync(query));
}
