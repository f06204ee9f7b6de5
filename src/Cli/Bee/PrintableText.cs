using System.Globalization;
using System.Text;

namespace AuctionActors.Cli.Bee;

/// <summary>Text of unknown writers made fit for a terminal: nothing in it moves the cursor or changes a colour.</summary>
internal static class PrintableText
{
    /// <summary>One line: what would end it, and tabs, are escaped too.</summary>
    public static string Line(string text) => Escape(text, char.IsControl);

    /// <summary>Line ends and tabs stay.</summary>
    public static string Lines(string text) => Escape(text, letter => char.IsControl(letter) && letter is not '\n' and not '\t');

    private static string Escape(string text, Func<char, bool> isUnfit)
    {
        if (!text.Any(isUnfit))
            return text;
        StringBuilder escaped = new();
        foreach (char letter in text)
        {
            if (!isUnfit(letter))
                escaped.Append(letter);
            else
                escaped.Append(letter switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                });
        }

        return escaped.ToString();
    }
}
