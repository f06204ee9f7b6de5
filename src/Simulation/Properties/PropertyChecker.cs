using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Simulation.Properties;

/// <summary>Whether a check holds, and what stands against it.</summary>
public readonly record struct CheckResult(bool Holds, string? Witness)
{
    public static CheckResult Pass => new(true, null);

    public static CheckResult Fail(string witness) => new(false, witness);
}

/// <summary>
/// Evaluates checks. <c>auction.winner_equal</c> verifies that every participant sees the auction ended with the seller's digest and
/// result; it does not judge whether the seller ruled right. <c>core.length</c> verifies that every core held by the peers is as long
/// as at its owner and that the cores of all sellers are held; it does not compare blocks.
/// </summary>
public static class PropertyChecker
{
    public static CheckResult Evaluate(CheckExpression check, RunView view, IReadOnlyList<string> peers) => check.Left.Name switch
    {
        "auction.winner_equal" => WinnerEqual(check.Left.Arguments is [string name] ? name : null, view),
        "core.length" => CoreLength(view, peers),
        _ => CheckResult.Fail($"there is no check '{check.Left.Name}'"),
    };

    private static CheckResult WinnerEqual(string? name, RunView view)
    {
        AuctionName[] auctions = [.. view.Auctions.Where(auction => name is null || auction.Name == name)];
        if (auctions.Length == 0)
            return CheckResult.Fail($"{name ?? "no auction"} was never opened");
        return auctions.Select(auction => Agreement(auction, view)).FirstOrDefault(result => !result.Holds, CheckResult.Pass);
    }

    private static CheckResult Agreement(AuctionName auction, RunView view)
    {
        if (view.Find(auction.Seller)?.Auction(auction.Id) is not { } own)
            return CheckResult.Fail($"{auction.Seller} does not know its own {auction.Name}");
        if (own.Status < AuctionStatus.Closed || own.Result is null)
            return CheckResult.Fail($"{auction.Name} has not ended at {auction.Seller}");
        foreach (ParticipantView participant in view.Participants)
        {
            if (participant.Auction(auction.Id) is not { } seen)
                return CheckResult.Fail($"{participant.Name} does not know {auction.Name}");
            if (seen.Digest != own.Digest || seen.Result != own.Result)
                return CheckResult.Fail($"{participant.Name} sees {Describe(seen)}, {auction.Seller} sees {Describe(own)}");
        }

        return CheckResult.Pass;
    }

    private static CheckResult CoreLength(RunView view, IReadOnlyList<string> peers)
    {
        foreach (string peer in peers)
        {
            if (view.Find(peer) is not { } holder)
                return CheckResult.Fail($"{peer} did not answer");
            foreach (CoreSummary core in holder.Cores)
            {
                if (core.Owner is { } owner && Owner(view, owner)?.Core(core.Key) is { } original && original.Length != core.Length)
                    return CheckResult.Fail($"{peer} holds {core.Length} of {original.Length} blocks of {Owner(view, owner)!.Name}");
            }

            if (MissingSeller(holder, view) is { } seller)
                return CheckResult.Fail($"{peer} does not hold the core of {seller}");
        }

        return CheckResult.Pass;
    }

    private static string? MissingSeller(ParticipantView holder, RunView view)
        => view.Auctions.Select(auction => auction.Seller).FirstOrDefault(seller =>
            view.Find(seller)?.Identity is { } identity && holder.Core(identity.CoreKey) is null);

    private static ParticipantView? Owner(RunView view, Hyper.Protocol.Cryptography.PublicKey key)
        => view.Participants.FirstOrDefault(participant => participant.Identity?.PublicKey == key);

    private static string Describe(AuctionSummary auction)
        => $"{auction.Status} at event {auction.Sequence} with digest {auction.Digest.ToHex()[..8]}";
}
