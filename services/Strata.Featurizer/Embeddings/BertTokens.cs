using Microsoft.ML.Tokenizers;
using Strata.Featurizer.Embeddings.Core;

namespace Strata.Featurizer.Embeddings;

/// <summary>
/// Token ids of a text. The package's own BERT tokenizer drops symbols and joins words across line ends, so its word-piece part is fed word
/// by word. Safe for several threads.
/// </summary>
internal sealed class BertTokens
{
    private readonly WordPieceTokenizer _pieces;
    private readonly int _first;
    private readonly int _last;

    public BertTokens(string vocabulary)
    {
        using var file = File.OpenRead(vocabulary);
        _pieces = WordPieceTokenizer.Create(
            file, new WordPieceOptions { UnknownToken = "[UNK]", ContinuingSubwordPrefix = "##", MaxInputCharsPerWord = 100 });
        _first = IdOf("[CLS]");
        _last = IdOf("[SEP]");

        int IdOf(string token)
        {
            var line = 0;
            foreach (var known in File.ReadLines(vocabulary))
            {
                if (known == token)
                {
                    return line;
                }

                line++;
            }

            throw new InvalidDataException($"{vocabulary} has no {token}: it is not the vocabulary of a BERT-like encoder.");
        }
    }

    /// <summary>The ids, [CLS] first and [SEP] last, at most <paramref name="most"/>.</summary>
    public long[] Encode(string text, int most)
    {
        var ids = new List<long>(32) { _first };
        foreach (var word in BertWords.Split(text))
        {
            foreach (var id in _pieces.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false))
            {
                ids.Add(id);
            }

            if (ids.Count >= most)
            {
                ids.RemoveRange(most - 1, ids.Count - most + 1);
                break;
            }
        }

        ids.Add(_last);
        return [.. ids];
    }
}
