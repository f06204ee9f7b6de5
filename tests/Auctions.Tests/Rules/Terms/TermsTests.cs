using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Terms;

namespace AuctionActors.Auctions.Tests.Rules.Terms;

public sealed class TermsTests
{
    private static readonly AuctionTerms Plain = new AuctionStory().Terms;

    [Fact]
    public void A_first_bid_may_equal_the_start_price() => Assert.Equal(Plain.StartUnits, Plain.Need(null));

    [Fact]
    public void A_later_bid_exceeds_the_high_one_by_one_minor_unit() => Assert.Equal(75_000_001, Plain.Need(75_000_000));

    [Fact]
    public void The_largest_of_step_basis_points_and_one_counts()
    {
        AuctionTerms terms = Plain with
        {
            Increments = [new IncrementStep(0, 100), new IncrementStep(10_000, 500)],
            IncrementBasisPoints = 100,
        };
        Assert.Equal(1_100, terms.Need(1_000));
        Assert.Equal(10_500, terms.Need(10_000));
        Assert.Equal(102_012, terms.Need(101_001));
    }

    [Fact]
    public void Basis_points_round_up()
        => Assert.Equal(102_012, (Plain with { IncrementBasisPoints = 100 }).Need(101_001));

    [Fact]
    public void Need_does_not_overflow_at_the_largest_amount()
        => Assert.True((Plain with { IncrementBasisPoints = TermsRule.MaxIncrementBasisPoints }).Need(Currency.MaxUnits) > Currency.MaxUnits);

    public static TheoryData<string, Func<AuctionTerms, AuctionTerms>> Unsound => new()
    {
        { "item", terms => terms with { Item = "" } },
        { "item", terms => terms with { Item = new string('x', TermsRule.MaxTextLength + 1) } },
        { "start", terms => terms with { StartUnits = -1 } },
        { "start", terms => terms with { StartUnits = Currency.MaxUnits + 1 } },
        { "reserve", terms => terms with { ReserveUnits = Currency.MaxUnits + 1 } },
        { "steps", terms => terms with { Increments = [new IncrementStep(5, 1), new IncrementStep(5, 2)] } },
        { "points", terms => terms with { IncrementBasisPoints = TermsRule.MaxIncrementBasisPoints + 1 } },
        { "end time", terms => terms with { EndsAt = 1 } },
        { "start < end", terms => terms with { Close = ClosePolicy.Timed } },
        { "start < end", terms => terms with { Close = ClosePolicy.Timed, EndsAt = 10, HardEndAt = 10 } },
        { "times", terms => terms with { StartsAt = -1 } },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void Terms_outside_the_limits_are_named(string part, Func<AuctionTerms, AuctionTerms> change)
        => Assert.Contains(part, TermsRule.Violation(change(Plain)), StringComparison.Ordinal);

    [Fact]
    public void Sound_terms_pass() => Assert.Null(TermsRule.Violation(Plain));
}
