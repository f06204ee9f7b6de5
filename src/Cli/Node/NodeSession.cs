using System.Collections.Immutable;
using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Cli.Output;
using Envelope = AuctionActors.Auctions.Rules.Envelopes.Envelope;

namespace AuctionActors.Cli.Node;

/// <summary>Reads commands until the input ends or <c>exit</c> is typed; each is answered before the next is read.</summary>
internal sealed class NodeSession(ParticipantClient client, IActorRef news, NodeConsole console)
{
    private readonly INodeVoice _voice = console.Voice;

    public async Task RunAsync(CancellationToken cancellation)
    {
        console.References = () => ReferencesAsync().GetAwaiter().GetResult();
        while (await console.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            try
            {
                if (NodeCommandReader.Read(line) is not { } command)
                    continue;
                if (command is NodeCommand.Exit)
                    return;
                await RunAsync(command).ConfigureAwait(false);
            }
            catch (CommandException failure)
            {
                _voice.Fail(failure);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _voice.Fail(CommandException.Usage(failure.Message));
            }
            catch (AskTimeoutException)
            {
                _voice.Fail(new CommandException(ExitCode.Offline, "OFFLINE", "no answer in time"));
            }
        }
    }

    private async Task RunAsync(NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.Sell sell:
                await OrderAsync(id => new ParticipantProtocol.OpenAuction(id, sell.Offer)).ConfigureAwait(false);
                break;
            case NodeCommand.Bid bid:
                AuctionSummary wanted = await FindAsync(bid.Reference).ConfigureAwait(false);
                await OrderAsync(id => new ParticipantProtocol.PlaceBid(id, wanted.Id, bid.Amount, bid.Code), bid.Reference).ConfigureAwait(false);
                break;
            case NodeCommand.Close close:
                AuctionSummary closed = await FindAsync(close.Reference).ConfigureAwait(false);
                await OrderAsync(id => new ParticipantProtocol.CloseAuction(id, closed.Id)).ConfigureAwait(false);
                break;
            case NodeCommand.Cancel cancel:
                AuctionSummary cancelled = await FindAsync(cancel.Reference).ConfigureAwait(false);
                await OrderAsync(id => new ParticipantProtocol.CancelAuction(id, cancelled.Id, cancel.Reason)).ConfigureAwait(false);
                break;
            case NodeCommand.Connect connect:
                await OrderAsync(id => new ParticipantProtocol.Connect(id, connect.Peer)).ConfigureAwait(false);
                break;
            case NodeCommand.List:
                await QueryAsync(id => new ParticipantProtocol.ListAuctions(id)).ConfigureAwait(false);
                break;
            case NodeCommand.Peers:
                await QueryAsync(id => new ParticipantProtocol.ListPeers(id)).ConfigureAwait(false);
                break;
            case NodeCommand.Connections:
                _voice.TellConnections(await client.GetConnectionsAsync().ConfigureAwait(false));
                break;
            case NodeCommand.Traffic:
                _voice.TellTraffic(await client.GetTrafficAsync().ConfigureAwait(false));
                break;
            case NodeCommand.WhoAmI:
                await QueryAsync(id => new ParticipantProtocol.WhoAmI(id)).ConfigureAwait(false);
                break;
            case NodeCommand.Help:
                _voice.Help();
                break;
            default:
                await InspectAsync(command).ConfigureAwait(false);
                break;
        }
    }

    private async Task InspectAsync(NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.Show show:
                AuctionSummary shown = await FindAsync(show.Reference).ConfigureAwait(false);
                await QueryAsync(id => new ParticipantProtocol.ShowAuction(id, shown.Id)).ConfigureAwait(false);
                break;
            case NodeCommand.Watch watch:
                AuctionSummary watched = await FindAsync(watch.Reference).ConfigureAwait(false);
                news.Tell(new NodeNewsActor.Watch(watched.Id));
                _voice.Done($"watching {AuctionReference.NameOf(watched)}");
                break;
            case NodeCommand.Audit audit:
                (AuctionSummary audited, ImmutableArray<Envelope> chain) = await ChainAsync(audit.Reference).ConfigureAwait(false);
                _voice.Audited(audited, Audit.Envelopes(chain));
                break;
            case NodeCommand.Export export:
                (_, ImmutableArray<Envelope> exported) = await ChainAsync(export.Reference).ConfigureAwait(false);
                await File.WriteAllBytesAsync(export.File, EnvelopeList.Encode(exported)).ConfigureAwait(false);
                _voice.Exported(export.File, exported.Length);
                break;
            default:
                throw new InvalidOperationException($"{command} is not carried out");
        }
    }

    private async Task OrderAsync(Func<long, ParticipantProtocol.ICommand> order, string reference = "")
        => _voice.Answer(Sound(await client.OrderAsync(order).ConfigureAwait(false)), reference);

    private async Task QueryAsync(Func<long, ParticipantProtocol.IQuery> query)
        => _voice.Answer(Sound(await client.QueryAsync(query).ConfigureAwait(false)), "");

    private async Task<ImmutableArray<AuctionSummary>> ListAsync()
        => ((ParticipantProtocol.AuctionsListed)Sound(
            await client.QueryAsync(id => new ParticipantProtocol.ListAuctions(id)).ConfigureAwait(false))).Auctions;

    private async Task<IReadOnlyList<string>> ReferencesAsync()
        => [.. (await ListAsync().ConfigureAwait(false))
            .SelectMany(auction => new[] { auction.Item, AuctionReference.NameOf(auction) })
            .Select(name => name.Contains(' ', StringComparison.Ordinal) ? $"\"{name}\"" : name)];

    private async Task<AuctionSummary> FindAsync(string reference)
        => AuctionReference.Resolve(reference, await ListAsync().ConfigureAwait(false));

    private async Task<(AuctionSummary Auction, ImmutableArray<Envelope> Chain)> ChainAsync(string reference)
    {
        AuctionSummary auction = await FindAsync(reference).ConfigureAwait(false);
        var shown = (ParticipantProtocol.AuctionShown)Sound(
            await client.QueryAsync(id => new ParticipantProtocol.ShowAuction(id, auction.Id)).ConfigureAwait(false));
        return (shown.Auction, shown.Chain);
    }

    private static ParticipantProtocol.IReply Sound(ParticipantProtocol.IReply reply)
        => reply is ParticipantProtocol.Refused refused ? throw NodeFailure.Of(refused) : reply;
}
