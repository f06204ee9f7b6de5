namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>A point of the curve as X/Z and Y/Z, with T = XY/Z (Hisil, Wong, Carter and Dawson 2008).</summary>
internal readonly struct EdwardsPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
{
    public readonly FieldElement X = x, Y = y, Z = z, T = t;

    /// <summary>The constant of the curve -x² + y² = 1 + dx²y².</summary>
    public static FieldElement D { get; } = FieldElement.Zero - (FieldElement.Of(121665) * FieldElement.Of(121666).Invert());

    public static FieldElement TwiceD { get; } = (D + D).Reduced();

    /// <summary>The point that signatures are multiples of (RFC 8032, 5.1).</summary>
    public static EdwardsPoint Base
    {
        get
        {
            FieldElement x = FieldElement.Read(Convert.FromHexString("1ad5258f602d56c9b2a7259560c72c695cdcd6fd31e2a4c0fe536ecdd3366921"));
            FieldElement y = FieldElement.Of(4) * FieldElement.Of(5).Invert();
            return new EdwardsPoint(x, y, FieldElement.One, x * y);
        }
    }

    /// <summary>The sum of any two points, be they the same.</summary>
    public static EdwardsPoint operator +(in EdwardsPoint p, in EdwardsPoint q)
    {
        FieldElement a = (p.Y - p.X) * (q.Y - q.X), b = (p.Y + p.X) * (q.Y + q.X);
        FieldElement c = p.T * q.T * TwiceD, d = p.Z * (q.Z + q.Z);
        FieldElement e = b - a, f = d - c, g = d + c, h = b + a;
        return new EdwardsPoint(e * f, g * h, f * g, e * h);
    }

    /// <summary>Writes the 32 bytes that stand for the point: Y, and whether X is odd in the highest bit.</summary>
    public void Write(Span<byte> bytes)
    {
        FieldElement inverse = Z.Invert();
        Span<byte> x = stackalloc byte[FieldElement.Size];
        (X * inverse).Write(x);
        (Y * inverse).Write(bytes);
        bytes[FieldElement.Size - 1] |= (byte)(x[0] << 7);
    }
}
