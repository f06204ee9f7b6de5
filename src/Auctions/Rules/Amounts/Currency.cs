using System.Globalization;

namespace AuctionActors.Auctions.Rules.Amounts;

/// <summary>A currency code with the number of decimals its minor unit stands for; amounts are whole minor units everywhere.</summary>
public sealed record Currency
{
    /// <summary>2⁵³−1, the largest integer a JavaScript reader holds exactly.</summary>
    public const long MaxUnits = (1L << 53) - 1;

    public const int MaxScale = 9;

    public const int MaxCodeLength = 12;

    private Currency(string code, int scale)
    {
        Code = code;
        Scale = scale;
    }

    public static Currency Default { get; } = new("USDt", 6);

    public string Code { get; }

    public int Scale { get; }

    /// <summary>Null when the code is not 1 to 12 letters and digits or the scale not 0 to 9.</summary>
    public static Currency? Of(string code, int scale)
        => code.Length is > 0 and <= MaxCodeLength && code.All(char.IsAsciiLetterOrDigit) && scale is >= 0 and <= MaxScale
            ? new Currency(code, scale)
            : null;

    /// <summary>Reads <c>USDt</c>, <c>BTC</c>, any other code with two decimals, or <c>CODE:scale</c>.</summary>
    public static bool TryParse(string text, out Currency currency)
    {
        string[] parts = text.Split(':');
        int scale = parts[0] switch { "USDt" => 6, "BTC" => 8, _ => 2 };
        bool scaled = parts.Length == 1
            || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out scale));
        Currency? found = scaled ? Of(parts[0], scale) : null;
        currency = found ?? Default;
        return found is not null;
    }

    /// <summary>Reads a decimal amount into minor units; answers what is wrong with it otherwise.</summary>
    public AmountError ParseAmount(string text, out long units)
    {
        units = 0;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string fraction = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length == 0 || (point >= 0 && fraction.Length == 0) || !AreDigits(whole) || !AreDigits(fraction))
            return AmountError.NotANumber;
        if (fraction.Length > Scale)
            return AmountError.TooManyDecimals;
        foreach (char digit in whole + fraction.PadRight(Scale, '0'))
        {
            units = (units * 10) + (digit - '0');
            if (units > MaxUnits)
                return AmountError.TooLarge;
        }

        return AmountError.None;
    }

    /// <summary>The shortest decimal form: <c>80</c>, <c>75.5</c>.</summary>
    public string Format(long units)
    {
        string digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        string fraction = digits[^Scale..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^Scale] : $"{digits[..^Scale]}.{fraction}";
    }

    public override string ToString() => Code;

    private static bool AreDigits(string text) => text.All(char.IsAsciiDigit);
}

/// <summary>Why a text is not an amount.</summary>
public enum AmountError
{
    None,
    NotANumber,
    TooManyDecimals,
    TooLarge,
}
