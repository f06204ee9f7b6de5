using AuctionActors.Auctions.Rules.Amounts;
using CsCheck;

namespace AuctionActors.Auctions.Tests.Rules.Amounts;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("USDt", 6)]
    [InlineData("BTC", 8)]
    [InlineData("EUR", 2)]
    [InlineData("JPY:0", 0)]
    [InlineData("X:9", 9)]
    public void Codes_carry_their_scale(string text, int scale)
    {
        Assert.True(Currency.TryParse(text, out Currency currency));
        Assert.Equal(scale, currency.Scale);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A:10")]
    [InlineData("A:-1")]
    [InlineData("A:1:2")]
    [InlineData("U$D")]
    [InlineData("ABCDEFGHIJKLM")]
    public void Other_codes_are_refused(string text) => Assert.False(Currency.TryParse(text, out _));

    [Theory]
    [InlineData("75.5", 75_500_000)]
    [InlineData("80", 80_000_000)]
    [InlineData("0.000001", 1)]
    [InlineData("80.29", 80_290_000)]
    [InlineData("0080", 80_000_000)]
    [InlineData("9007199254.740991", 9_007_199_254_740_991)]
    public void Amounts_become_minor_units_exactly(string text, long units)
    {
        Assert.Equal(AmountError.None, Currency.Default.ParseAmount(text, out long parsed));
        Assert.Equal(units, parsed);
    }

    [Theory]
    [InlineData("75.1234567", AmountError.TooManyDecimals)]
    [InlineData("9007199254.740992", AmountError.TooLarge)]
    [InlineData("99999999999999999999999999", AmountError.TooLarge)]
    [InlineData("-1", AmountError.NotANumber)]
    [InlineData("1e3", AmountError.NotANumber)]
    [InlineData("1,5", AmountError.NotANumber)]
    [InlineData("1.", AmountError.NotANumber)]
    [InlineData(".5", AmountError.NotANumber)]
    [InlineData("", AmountError.NotANumber)]
    [InlineData("١", AmountError.NotANumber)]
    public void Anything_else_is_refused_with_its_reason(string text, AmountError error)
        => Assert.Equal(error, Currency.Default.ParseAmount(text, out _));

    [Fact]
    public void Formatting_and_parsing_are_inverse()
        => Gen.Select(Gen.Long[0, Currency.MaxUnits], Gen.Int[0, Currency.MaxScale]).Sample((units, scale) =>
        {
            Currency currency = Currency.Of("X", scale)!;
            Assert.Equal(AmountError.None, currency.ParseAmount(currency.Format(units), out long parsed));
            Assert.Equal(units, parsed);
        });
}
