using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AuctionActors.Simulation.Properties;

/// <summary>A call, alone or compared with another: <c>auction.winner_equal(A)</c>, <c>core.length(X) == core.length(owner)</c>.</summary>
/// <param name="Left">What is measured.</param>
/// <param name="Right">What it is compared with for equality, or null for a call that is true or false itself.</param>
/// <param name="Text">As it was written.</param>
public sealed partial record CheckExpression(CheckCall Left, CheckCall? Right, string Text)
{
    public static bool TryParse(string text, out CheckExpression expression)
    {
        expression = null!;
        string[] sides = text.Split("==", StringSplitOptions.TrimEntries);
        if (sides.Length > 2 || !TryParseCall(sides[0], out CheckCall left))
            return false;
        CheckCall? right = null;
        if (sides.Length == 2 && !TryParseCall(sides[1], out right))
            return false;
        expression = new CheckExpression(left, right, text);
        return true;
    }

    private static bool TryParseCall(string text, out CheckCall call)
    {
        Match match = CallForm().Match(text);
        call = match.Success
            ? new CheckCall(match.Groups[1].Value, [.. match.Groups[2].Value.Split(',', Split)])
            : null!;
        return match.Success;
    }

    private const StringSplitOptions Split = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    [GeneratedRegex(@"^([a-z]+\.[a-z_]+)\(([^()]*)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex CallForm();
}

/// <summary>The name of a check and what it is asked about.</summary>
public sealed record CheckCall(string Name, ImmutableArray<string> Arguments);
