using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings;
using Strata.Local.Sample;
using Strata.Numerics;

namespace Strata.Local.Tests.Sample;

/// <summary>
/// How well the encoder finds an item of the sample by its title in another language: the rank of the item among all 831, by cosine. Brands
/// are left out of the translations, since a brand finds its item in any language.
/// </summary>
[Trait("height", "harness")]
public sealed class EncoderLanguagesTests(ITestOutputHelper output) : IDisposable
{
    // Item, and what it is in English, German, French, Japanese, Chinese; empty: its own language.
    private static readonly string[] Titles =
    [
        "BAK-027|electric hand mixer|elektrisches Handrührgerät|batteur électrique à main|電動ハンドミキサー|电动手持搅拌器",
        "CYC-038|rain cape for cycling|Regenponcho zum Radfahren|cape de pluie pour vélo|自転車用レインポンチョ|骑行雨披",
        "RUN-012|soft flask with water filter|faltbare Trinkflasche mit Filter|gourde souple filtrante|浄水フィルター付きソフトフラスク|带过滤器的软水壶",
        "PEN-006|pocket fountain pen made of brass|Taschenfüller aus Messing|stylo-plume de poche en laiton|真鍮のポケット万年筆|黄铜口袋钢笔",
        "AQU-009|aquarium heater|Aquarienheizer|chauffage pour aquarium|水槽用ヒーター|水族箱加热棒",
        "AQU-014|aquarium fern on driftwood|Javafarn auf Wurzelholz|fougère de Java sur racine|流木付きジャワファン|沉木铁皇冠水草",
        "KEY-028|large desk mat|große Schreibtischunterlage|grand tapis de bureau|大型デスクマット|大号桌垫",
        "AST-025|rotating star chart|drehbare Sternkarte|carte du ciel tournante|星座早見盤|旋转星图",
        "DOG-013|light-up dog collar|Leuchthalsband für Hunde|collier lumineux pour chien|光る犬の首輪|发光狗项圈",
        "GAR-014|tripod orchard ladder|dreibeinige Obstleiter|échelle tripode de verger|園芸用三脚脚立|三脚果园梯",
        "COF-014|hand coffee grinder with conical burrs||moulin à café manuel|手挽きコーヒーミル|手摇咖啡磨豆机",
        "COF-038|descaler for espresso machines||détartrant pour machine à expresso|コーヒーマシン用除石灰剤|咖啡机除垢剂",
        "COF-034|tamper station made of walnut||station de tassage en noyer|クルミ材のタンパースタンド|胡桃木压粉座",
        "CYC-034|phone holder for the bike||support de téléphone pour vélo|自転車用スマホホルダー|自行车手机支架",
        "KNT-010|sock yarn||laine à chaussettes|靴下用毛糸|袜子毛线",
        "KEY-017|keycaps with a German layout||touches de clavier allemandes|ドイツ語配列キーキャップ|德语键帽",
        "TEA-005|strong black tea blend from Assam||mélange de thé noir d'Assam corsé|濃いアッサム紅茶ブレンド|浓郁阿萨姆红茶",
        "TEA-020|herbal evening tea||tisane du soir|夜のハーブティー|晚安草本茶",
        "TEA-021|wild berry fruit tea||infusion aux fruits rouges|ワイルドベリーのフルーツティー|野莓水果茶",
        "PEN-005|school fountain pen for left-handers||stylo-plume scolaire pour gaucher|左利き用学習万年筆|左手学生钢笔",
        "COF-008|manual lever espresso machine|Handhebel-Espressomaschine||手動レバー式エスプレッソマシン|手动拉杆咖啡机",
        "COF-035|milk jug for latte art|Milchkännchen||ラテアート用ミルクピッチャー|拉花奶缸",
        "COF-041|espresso cups, set of four|vier Espressotassen||エスプレッソカップ4個セット|浓缩咖啡杯四件套",
        "TEA-006|black tea with citrus from China|chinesischer Schwarztee mit Zitrus||柑橘の香りの中国紅茶|柑橘红茶",
        "TEA-016|green mint tea|grüner Tee mit Minze||ミント緑茶|薄荷绿茶",
        "TEA-022|verbena and lime blossom tea|Verbenen-Lindenblütentee||ベルベーヌと菩提樹のハーブティー|马鞭草椴花茶",
        "TEA-023|thyme and honey infusion|Thymiantee mit Honig||タイムと蜂蜜のハーブティー|百里香蜂蜜茶",
        "TEA-029|red enamelled teapot|rote Emaille-Teekanne||赤い琺瑯ティーポット|红色珐琅茶壶",
        "TEA-036|tea tin with Japanese paper|Teedose mit Japanpapier||和紙の茶筒|和纸茶叶罐",
        "PEN-012|violet fountain pen ink|violette Füllertinte||紫の万年筆インク|紫色钢笔墨水",
        "TEA-010|roasted brown rice tea|Tee mit geröstetem Reis|thé au riz soufflé||糙米茶",
        "TEA-011|ceremonial matcha|Matcha-Teepulver|poudre de matcha||宇治抹茶粉",
        "TEA-030|small Japanese clay teapot|kleine japanische Teekanne|petite théière japonaise||日式陶制侧把壶",
        "TEA-031|matcha bowl|Matcha-Schale|bol à matcha||抹茶碗",
        "TEA-012|light oolong tea|heller Oolong-Tee|thé oolong léger|清香ウーロン茶|",
        "TEA-013|Chinese green tea picked in early spring|früh gepflückter chinesischer Grüntee|thé vert chinois de printemps|中国の早摘み緑茶|",
    ];

    private static readonly string[] Languages = ["en", "de", "fr", "ja", "zh"];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task EncodeQueryAsync_TitleInAnotherLanguage_FindsTheItemAsTheHandbookSays()
    {
        using var encoder = new OnnxEncoder(
            Options.Create(new EmbeddingsOptions()), ActivatorUtilities.CreateInstance<EmbeddingsMetrics>(_services));
        var items = SampleCatalogue.Load().Items;
        var vectors = await Task.WhenAll(items.Select(
            item => VectorAsync(encoder.EncodePassageAsync($"{item.Title}. {item.Description}", TestContext.Current.CancellationToken))));
        var ranks = new List<(string Query, string Item, int Rank)>();
        foreach (var line in Titles)
        {
            var fields = line.Split('|');
            var index = Enumerable.Range(0, items.Count).Single(i => items[i].ItemId == fields[0]);
            var own = Languages[Enumerable.Range(0, 5).FirstOrDefault(i => fields[i + 1].Length == 0, 0)];
            for (var language = 0; language < Languages.Length; language++)
            {
                if (fields[language + 1].Length > 0)
                {
                    var query = await VectorAsync(
                        encoder.EncodeQueryAsync(fields[language + 1], TestContext.Current.CancellationToken));
                    var least = VectorMath.Dot(query, vectors[index]);
                    ranks.Add((Languages[language], own, 1 + vectors.Count(vector => VectorMath.Dot(query, vector) > least)));
                }
            }
        }

        foreach (var pair in ranks.GroupBy(rank => (rank.Query, rank.Item)))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pair.Key.Query} | {pair.Key.Item} | {pair.Count()} | {pair.Average(rank => rank.Rank <= 1 ? 1 : 0):F2} "
                + $"| {pair.Average(rank => rank.Rank <= 10 ? 1 : 0):F2} "
                + $"| {pair.Select(rank => rank.Rank).Order().ElementAt(pair.Count() / 2)} |"));
        }

        double Found(string query, string item) => ranks.Where(rank => rank.Query == query && rank.Item == item)
            .Average(rank => rank.Rank <= 10 ? 1 : 0);
        Assert.InRange(Found("en", "en"), .9, 1);
        Assert.InRange(Found("ja", "en"), 0, .7);
    }

    private static async Task<float[]> VectorAsync(ValueTask<Vector> encoding)
    {
        var vector = await encoding;
        var unit = new float[vector.Codes.Length];
        new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(unit);
        VectorMath.TryNormalize(unit);
        return unit;
    }
}
