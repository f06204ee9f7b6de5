using AuctionActors.Auctions.Rules.Amounts;

namespace AuctionActors.Auctions.Rules.Terms;

/// <summary>Limits that terms must keep; anything else is no auction at all.</summary>
public static class TermsRule
{
    public const int MaxTextLength = 1024;

    public const int MaxIncrementSteps = 32;

    public const int MaxAllowed = 128;

    public const uint MaxIncrementBasisPoints = 1_000_000;

    /// <summary>Null when the terms are sound, else one line that says what is wrong.</summary>
    public static string? Violation(AuctionTerms terms)
    {
        if (terms.Item.Length is 0 or > MaxTextLength || terms.Title.Length > MaxTextLength)
            return $"item must have 1 to {MaxTextLength} characters";
        if (!IsAmount(terms.StartUnits) || (terms.ReserveUnits is { } reserve && !IsAmount(reserve)))
            return "start and reserve must lie between 0 and 2^53-1 minor units";
        if (terms.Allowed.Length > MaxAllowed)
            return $"at most {MaxAllowed} bidders can be named";
        return IncrementViolation(terms) ?? TimeViolation(terms);
    }

    private static string? IncrementViolation(AuctionTerms terms)
    {
        if (terms.Increments.Length > MaxIncrementSteps || terms.IncrementBasisPoints > MaxIncrementBasisPoints)
            return $"at most {MaxIncrementSteps} increment steps and {MaxIncrementBasisPoints} basis points";
        long previous = -1;
        foreach (IncrementStep step in terms.Increments)
        {
            if (step.FromUnits <= previous || !IsAmount(step.FromUnits) || !IsAmount(step.AddUnits))
                return "increment steps must rise and be amounts";
            previous = step.FromUnits;
        }

        return null;
    }

    private static string? TimeViolation(AuctionTerms terms)
    {
        if (!IsTime(terms.StartsAt) || !IsTime(terms.EndsAt) || !IsTime(terms.HardEndAt) || !IsTime(terms.SoftCloseMilliseconds))
            return "times must lie between 0 and 2^53-1 milliseconds";
        if (terms.Close == ClosePolicy.Manual)
            return terms.EndsAt == 0 && terms.HardEndAt == 0 && terms.SoftCloseMilliseconds == 0
                ? null
                : "an auction that its seller closes has no end time";
        return terms.StartsAt < terms.EndsAt && terms.EndsAt < terms.HardEndAt ? null : "start < end < hard end must hold";
    }

    private static bool IsAmount(long units) => units is >= 0 and <= Currency.MaxUnits;

    private static bool IsTime(long milliseconds) => milliseconds is >= 0 and <= Currency.MaxUnits;
}
