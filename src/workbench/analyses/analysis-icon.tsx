import Activity from 'lucide-solid/icons/activity';
import ArrowLeftRight from 'lucide-solid/icons/arrow-left-right';
import CalendarCheck from 'lucide-solid/icons/calendar-check';
import CalendarDays from 'lucide-solid/icons/calendar-days';
import ChartSpline from 'lucide-solid/icons/chart-spline';
import CircleDollarSign from 'lucide-solid/icons/circle-dollar-sign';
import Smile from 'lucide-solid/icons/face-slightly-smiling';
import Feather from 'lucide-solid/icons/feather';
import Filter from 'lucide-solid/icons/funnel';
import Grid3x3 from 'lucide-solid/icons/grid-3x3';
import HeartPulse from 'lucide-solid/icons/heart-pulse';
import Percent from 'lucide-solid/icons/percent';
import Repeat from 'lucide-solid/icons/repeat';
import History from 'lucide-solid/icons/rotate-ccw-clock';
import Route from 'lucide-solid/icons/route';
import ShieldAlert from 'lucide-solid/icons/shield-alert';
import ShoppingBasket from 'lucide-solid/icons/shopping-basket';
import Sigma from 'lucide-solid/icons/sigma';
import Sparkles from 'lucide-solid/icons/sparkles';
import ThumbsUp from 'lucide-solid/icons/thumbs-up';
import Timer from 'lucide-solid/icons/timer';
import TrendingDown from 'lucide-solid/icons/trending-down';
import TrendingUp from 'lucide-solid/icons/trending-up';
import Users from 'lucide-solid/icons/users';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

const icons = {
  activity: Activity,
  'chart-spline': ChartSpline,
  'circle-dollar-sign': CircleDollarSign,
  coins: CircleDollarSign,
  filter: Filter,
  funnel: Filter,
  'grid-3x3': Grid3x3,
  'heart-pulse': HeartPulse,
  'arrow-left-right': ArrowLeftRight,
  'calendar-check': CalendarCheck,
  'calendar-days': CalendarDays,
  feather: Feather,
  history: History,
  percent: Percent,
  'thumbs-up': ThumbsUp,
  timer: Timer,
  repeat: Repeat,
  route: Route,
  'shield-alert': ShieldAlert,
  smile: Smile,
  'shopping-basket': ShoppingBasket,
  sigma: Sigma,
  sparkles: Sparkles,
  'trending-down': TrendingDown,
  'trending-up': TrendingUp,
  users: Users,
} as const;

/** The icon that a manifest names, from the set that the app carries; a curve for any other name. */
export function AnalysisIcon(props: { name: string | undefined; size: number }): JSX.Element {
  const icon = () => icons[props.name as keyof typeof icons] ?? ChartSpline;
  return <Dynamic component={icon()} size={props.size} stroke-width={1.7} aria-hidden="true" />;
}
